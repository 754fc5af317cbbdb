// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.Image;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/** One part of a decoded image; named as the fields of its row are. */
enum ImagePart implements ColumnValue {
  MODE(LogicalTypeRoot.VARCHAR) {
    @Override
    Object of(Image image) {
      return StringData.fromString(image.mode());
    }
  },
  WIDTH(LogicalTypeRoot.INTEGER) {
    @Override
    Object of(Image image) {
      return image.width();
    }
  },
  HEIGHT(LogicalTypeRoot.INTEGER) {
    @Override
    Object of(Image image) {
      return image.height();
    }
  },
  DATA(LogicalTypeRoot.VARBINARY) {
    @Override
    Object of(Image image) {
      return image.pixels().toByteArray();
    }
  };

  final LogicalTypeRoot root;

  ImagePart(LogicalTypeRoot root) {
    this.root = root;
  }

  abstract Object of(Image image);

  @Override
  public Object ofObject(Object value) {
    return of((Image) value);
  }
}
