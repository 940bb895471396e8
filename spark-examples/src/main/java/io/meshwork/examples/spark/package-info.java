/** Starts Spark with the jar of mesh-spark, and runs statements in it. */
@org.jspecify.annotations.NullMarked
package io.meshwork.examples.spark;
