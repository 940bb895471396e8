/** Spark publishes what the SDK publishes: a story, and a benchmark. */
@org.jspecify.annotations.NullMarked
package io.meshwork.examples.sparkpublish;
