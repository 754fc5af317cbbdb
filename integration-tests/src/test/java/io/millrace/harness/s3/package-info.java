// SPDX-License-Identifier: Apache-2.0
/** A real S3 server as a process of its own, and Flink's file system for it. */
@NullMarked
package io.millrace.harness.s3;

import org.jspecify.annotations.NullMarked;
