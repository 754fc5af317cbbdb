// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists a dataset's root once for one discovery, which looks at it twice: to tell the format, and
 * as that format. It may hold a million files. Who looks a third time wants to know what is new.
 */
final class RootListedOnce implements ObjectStore {

  private final ObjectStore store;
  private final ObjectLocation root;
  private @Nullable List<ObjectStatus> children;
  private boolean told;

  RootListedOnce(ObjectStore store, ObjectLocation root) {
    this(store, root, null);
  }

  /**
   * One whose root may have been listed already.
   *
   * @param children what it holds; null if that is not known yet
   */
  RootListedOnce(ObjectStore store, ObjectLocation root, @Nullable List<ObjectStatus> children) {
    this.store = store;
    this.root = root;
    this.children = children;
  }

  @Override
  public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
    if (!directory.equals(root)) {
      return store.list(directory);
    }
    synchronized (this) {
      List<ObjectStatus> known = children != null ? children : store.list(root);
      children = told ? null : known;
      told = true;
      return known;
    }
  }

  @Override
  public ObjectStatus status(ObjectLocation object) throws IOException {
    return store.status(object);
  }

  @Override
  public ObjectStatus status(ObjectLocation object, ObjectVersion expected) throws IOException {
    return store.status(object, expected);
  }

  @Override
  public RangeReader open(ObjectLocation object) throws IOException {
    return store.open(object);
  }

  @Override
  public RangeReader open(ObjectLocation object, ObjectVersion expected) throws IOException {
    return store.open(object, expected);
  }
}
