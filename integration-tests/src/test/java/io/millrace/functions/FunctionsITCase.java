// SPDX-License-Identifier: Apache-2.0
package io.millrace.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The functions in SQL: what their arguments may be, what types their results have. */
@Tag("it")
@Tag("smoke")
final class FunctionsITCase {

  private static final String PNG =
      "89504e470d0a1a0a0000000d49484452000000020000000108020000007b40e8dd0000000f49444154789c63606462fef5fb0f00060302f84e96adb60000000049454e44ae426082";

  private static TableEnvironment sql;

  @BeforeAll
  static void loadTheModule() {
    sql = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    sql.executeSql("LOAD MODULE millrace");
    sql.executeSql(
        "CREATE TEMPORARY VIEW tensors AS SELECT i, TENSOR_FROM_ARRAY(a, 'float32', ARRAY[2, 3]) AS t "
            + "FROM (VALUES (1, ARRAY[CAST(0 AS DOUBLE), 1, 2, 3, 4, 5]), "
            + "(2, CAST(NULL AS ARRAY<DOUBLE>))) AS v (i, a)");
  }

  private static List<Row> rows(String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> results = sql.executeSql(query).collect()) {
      results.forEachRemaining(rows::add);
    }
    return rows;
  }

  @Test
  void listsItsFunctions() {
    assertThat(Arrays.asList(sql.listFunctions()))
        .contains(
            "TENSOR_SHAPE",
            "TENSOR_ELEMENT",
            "TENSOR_SLICE",
            "TENSOR_TO_ARRAY",
            "TENSOR_FROM_ARRAY",
            "TENSOR_CAST",
            "IMAGE_TO_TENSOR");
  }

  /** One query, because each is a job. */
  @Test
  void takesColumnsAndLiterals() throws Exception {
    List<Row> rows =
        rows(
            "SELECT i, TENSOR_SHAPE(t), TENSOR_ELEMENT(t, ARRAY[1, -1]), TENSOR_TO_ARRAY(t, 'int'),"
                + " TENSOR_TO_ARRAY(TENSOR_SLICE(t, ARRAY[0, 1], ARRAY[9, 2])),"
                + " tensor_cast(t, 'float16').dtype,"
                + " TENSOR_CAST(t, IF(i = 1, 'int8', 'bool')).dtype,"
                + " TENSOR_FROM_ARRAY(ARRAY[1, 2]).dtype,"
                + " TENSOR_FROM_ARRAY(ARRAY[1.5, 2.25]).dtype,"
                + " TENSOR_TO_ARRAY(TENSOR_FROM_ARRAY(ARRAY[1.5, 2.25]), 'FLOAT'),"
                + " TENSOR_FROM_ARRAY(ARRAY[CAST(1 AS SMALLINT)]).dtype,"
                + " TENSOR_ELEMENT(TENSOR_FROM_ARRAY(ARRAY[7, 8, 9]), 1, 'BIGINT'),"
                + " TENSOR_TO_ARRAY(TENSOR_SLICE(TENSOR_FROM_ARRAY(ARRAY[7, 8, 9]), -2, 3)),"
                + " TENSOR_SHAPE(ROW('int8', ARRAY[CAST(1 AS BIGINT), 2], x'0102')),"
                + " TENSOR_CAST(TENSOR_FROM_ARRAY(ARRAY[1]), CAST(NULL AS STRING)),"
                + " TENSOR_TO_ARRAY(IMAGE_TO_TENSOR(x'"
                + PNG
                + "', 'RGB', 100)) FROM tensors");
    String literals =
        ", int32, float64, [1.5, 2.25], int16, 8, [8.0, 9.0], [1, 2], null,"
            + " [1.0, 2.0, 3.0, 250.0, 251.0, 252.0]]";
    assertThat(rows)
        .map(Row::toString)
        .containsExactlyInAnyOrder(
            "+I[1, [2, 3], 5.0, [0, 1, 2, 3, 4, 5], [1.0, 4.0], float16, int8" + literals,
            "+I[2, null, null, null, null, null, null" + literals);
  }

  @Test
  void typesOfResultsAreThoseThatArgumentsName() {
    assertThat(
            sql.sqlQuery(
                    "SELECT TENSOR_ELEMENT(t, 0), TENSOR_ELEMENT(t, 0, 'TINYINT'),"
                        + " TENSOR_TO_ARRAY(t), TENSOR_TO_ARRAY(t, 'FLOAT'), TENSOR_SHAPE(NULL),"
                        + " TENSOR_SLICE(t, 0, 1) FROM tensors")
                .getResolvedSchema()
                .getColumnDataTypes())
        .map(Object::toString)
        .containsExactly(
            "DOUBLE",
            "TINYINT",
            "ARRAY<DOUBLE NOT NULL>",
            "ARRAY<FLOAT NOT NULL>",
            "ARRAY<BIGINT NOT NULL>",
            "ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>");
  }

  @Test
  void wrongArgumentsAreRefusedWithWhatWouldBeRight() {
    refused("TENSOR_SHAPE(1)", "Argument 1 must be a tensor, ROW<`dtype` STRING,");
    refused("TENSOR_CAST(t, 'float12')", "Argument 2 must be the name of a dtype, one of bool,");
    refused("TENSOR_TO_ARRAY(t, t.dtype)", "Argument 2 must be a literal that names a type, one");
    refused("TENSOR_SHAPE()", "No match found for function signature TENSOR_SHAPE()");
  }

  private static void refused(String call, String reason) {
    assertThatThrownBy(() -> sql.sqlQuery("SELECT " + call + " FROM tensors"))
        .isInstanceOf(ValidationException.class)
        .hasStackTraceContaining(reason);
  }

  @Test
  void aJobFailsWithTheFunctionTheValueAndTheReason() {
    assertThatThrownBy(
            () ->
                rows(
                    "SELECT TENSOR_CAST(TENSOR_FROM_ARRAY(ARRAY[1, i * 300]), 'int8') FROM tensors"))
        .hasStackTraceContaining(
            "TENSOR_CAST: Cannot cast tensor<int32>[2] to int8: element 1 is 300");
  }
}
