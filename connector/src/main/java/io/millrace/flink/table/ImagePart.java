// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.Image;
import org.apache.flink.table.data.StringData;

/** One part of a decoded image; named as the fields of its row are. */
enum ImagePart implements ColumnValue {
  MODE {
    @Override
    Object of(Image image) {
      return StringData.fromString(image.mode());
    }
  },
  WIDTH {
    @Override
    Object of(Image image) {
      return image.width();
    }
  },
  HEIGHT {
    @Override
    Object of(Image image) {
      return image.height();
    }
  },
  DATA {
    @Override
    Object of(Image image) {
      return image.pixels().toByteArray();
    }
  };

  abstract Object of(Image image);

  @Override
  public Object ofObject(Object value) {
    return of((Image) value);
  }
}
