// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.Serializable;

/**
 * What the end of a job asks of a record, so that it must really be there.
 *
 * @param <T> the records
 */
interface RecordTouch<T> extends Serializable {

  /** Number of the record's bytes. */
  int size(T record);

  /** Its last byte. */
  byte lastByte(T record);
}
