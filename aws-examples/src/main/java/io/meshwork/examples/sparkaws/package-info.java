/** Spark publishes to a mesh on the emulator of AWS, with executors that have one policy. */
@NullMarked
package io.meshwork.examples.sparkaws;

import org.jspecify.annotations.NullMarked;
