// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.RecordFormat;
import io.millrace.format.ValueSink;
import io.millrace.sample.DType;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.api.TableRuntimeException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of the values that a format decodes, one after the other. Used by one thread.
 *
 * <p>What a column cannot hold shows when the row is built, because only then is it known which
 * sample it is.
 */
final class RowAssembler implements RecordFormat.Assembler<RowData>, ValueSink {

  private final int size;
  private final List<MetadataColumn> metadata;

  /** By field: the columns that are made of it, linked. */
  private final @Nullable Target[] targets;

  private final @Nullable Target[] required;
  private final PartitionColumns partitions;
  private GenericRowData row;
  private @Nullable String failure;

  RowAssembler(Schema projection, List<RowColumn> columns, List<MetadataColumn> metadata) {
    this(projection, columns, metadata, 0);
  }

  /**
   * Of a table with partitions.
   *
   * @param partitionKeys how many directories above a dataset make a partition
   */
  RowAssembler(
      Schema projection,
      List<RowColumn> columns,
      List<MetadataColumn> metadata,
      int partitionKeys) {
    this.size = columns.size() + metadata.size();
    this.metadata = metadata;
    this.targets = new @Nullable Target[projection.size()];
    this.required = new @Nullable Target[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      RowColumn column = columns.get(i);
      if (column.isPartition()) {
        continue;
      }
      int field = projection.indexOf(column.field());
      Target target = new Target(i, column, targets[field]);
      targets[field] = target;
      required[i] = column.nullable() ? null : target;
    }
    this.partitions = new PartitionColumns(columns, partitionKeys);
    this.row = new GenericRowData(size);
  }

  @Override
  public ValueSink sink() {
    failure = null; // of a sample that was not built because it is damaged
    return this;
  }

  @Override
  public RowData build(SampleMetadata sample) {
    GenericRowData built = row;
    row = new GenericRowData(size);
    for (Target target : required) {
      if (target != null && built.getField(target.position) == null && failure == null) {
        failure =
            "column `"
                + target.column.name()
                + "` is declared NOT NULL, but the sample has no value: declare it without";
      }
    }
    if (failure != null) {
      String message = failure;
      failure = null;
      throw new TableRuntimeException(
          String.format(
              Locale.ROOT,
              "Cannot read sample %d of shard %s in epoch %d: %s",
              sample.sample(),
              sample.shard(),
              sample.epoch(),
              message));
    }
    partitions.set(built, sample.shard());
    int position = size - metadata.size();
    for (MetadataColumn column : metadata) {
      built.setField(position++, column.of(sample));
    }
    return built;
  }

  private void unfit(Target target, UnfitValueException e) {
    failure = "column `" + target.column.name() + "`: " + e.getMessage();
  }

  @Override
  public void setNull(int field) {
    for (Target target = targets[field]; target != null; target = target.next) {
      row.setField(target.position, null);
    }
  }

  @Override
  public void setBoolean(int field, boolean value) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofBoolean(value));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  @Override
  public void setLong(int field, long value) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofLong(value));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  @Override
  public void setFloat(int field, float value) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofFloat(value));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  @Override
  public void setDouble(int field, double value) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofDouble(value));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  @Override
  public void setString(int field, String value) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofString(value));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  @Override
  public void setBytes(int field, byte[] value) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofBytes(value));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  @Override
  public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofTensor(dtype, shape, data));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  @Override
  public void setObject(int field, Object value) {
    for (Target target = targets[field]; target != null; target = target.next) {
      try {
        row.setField(target.position, target.value.ofObject(value));
      } catch (UnfitValueException e) {
        unfit(target, e);
      }
    }
  }

  /** Where a column's value goes. */
  private static final class Target {
    private final int position;
    private final RowColumn column;
    private final ColumnValue value;
    private final @Nullable Target next;

    private Target(int position, RowColumn column, @Nullable Target next) {
      this.position = position;
      this.column = column;
      this.value = column.value();
      this.next = next;
    }
  }
}
