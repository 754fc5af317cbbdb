// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Java's own image readers, whatever other ones a class path has: what pixels an image has must not
 * depend on that.
 */
final class JdkImageReader {
  private static final String MODULE = "java.desktop";

  static final JdkImageReader PNG = new JdkImageReader("png");
  static final JdkImageReader JPEG = new JdkImageReader("jpeg");

  private final ImageReaderSpi provider;

  private JdkImageReader(String format) {
    this.provider = provider(format);
  }

  /** Returns a new reader; the caller disposes of it. */
  ImageReader open() throws IOException {
    return provider.createReaderInstance();
  }

  /**
   * Looks a provider up. The registry, and what of AWT is behind it, are made by the first one that
   * asks, and keep that thread's context class loader for ever: that must not be a job's.
   */
  private static ImageReaderSpi provider(String format) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      Iterator<ImageReaderSpi> providers =
          IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
      while (providers.hasNext()) {
        ImageReaderSpi provider = providers.next();
        if (MODULE.equals(provider.getClass().getModule().getName())
            && Arrays.asList(provider.getFormatNames()).contains(format)) {
          return provider;
        }
      }
    } finally {
      thread.setContextClassLoader(before);
    }
    throw new IllegalStateException("This Java has no reader of " + format + " images");
  }
}
