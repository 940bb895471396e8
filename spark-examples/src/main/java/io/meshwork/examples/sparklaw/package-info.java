/**
 * Spark publishes what the SDK publishes, under any contract. Run it with {@code scripts/example
 * spark-law}.
 *
 * <p>Start at {@link io.meshwork.examples.sparklaw.SparkLawStory}.
 */
@NullMarked
package io.meshwork.examples.sparklaw;

import org.jspecify.annotations.NullMarked;
