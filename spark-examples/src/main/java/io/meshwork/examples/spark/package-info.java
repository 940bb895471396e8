/** Starts Spark with the jar of mesh-spark, and runs statements in it. */
@NullMarked
package io.meshwork.examples.spark;

import org.jspecify.annotations.NullMarked;
