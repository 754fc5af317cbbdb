// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import io.millrace.format.ShardInput;
import io.millrace.format.ShardObject;
import io.millrace.format.ShardOpener;
import io.millrace.format.ShardReader;
import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Opens the shards of a dataset whose fields are called otherwise by who reads them. */
public final class RenamedOpener implements ShardOpener {

  private final ShardOpener opener;
  private final Map<String, Field> ownFields;

  /**
   * @param opener opens the shards
   * @param own the dataset's own fields
   * @param names what they are called
   */
  public RenamedOpener(ShardOpener opener, Schema own, FieldNames names) {
    this.opener = opener;
    this.ownFields = names.byName(own);
  }

  /** Whether a field of this name is the dataset's. */
  public boolean has(String name) {
    return ownFields.containsKey(name);
  }

  @Override
  public ShardReader open(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    checkFields(shard, projection);
    return opener.open(shard, unit, input, own(projection));
  }

  @Override
  public ShardReader openLeniently(Shard shard, int unit, ShardInput input, Schema projection)
      throws IOException {
    checkFields(shard, projection);
    return opener.openLeniently(shard, unit, input, own(projection));
  }

  private void checkFields(Shard shard, Schema projection) throws IOException {
    for (Field field : projection.fields()) {
      if (!has(field.name())) {
        throw new IOException(
            "Cannot open " + shard.name() + ": there is no field \"" + field.name() + "\"");
      }
    }
  }

  @Override
  public List<ShardObject> readWhole(Shard shard) throws IOException {
    return opener.readWhole(shard);
  }

  @Override
  public Optional<FirstRead> readFirst(Shard shard) throws IOException {
    return opener.readFirst(shard);
  }

  @Override
  public long unitBytes(Shard shard, Schema projection) {
    return opener.unitBytes(shard, own(projection));
  }

  private Schema own(Schema projection) {
    return new Schema(
        projection.fields().stream()
            .map(field -> ownFields.get(field.name()))
            .filter(Objects::nonNull)
            .toList());
  }
}
