/**
 * Spark publishes what the SDK publishes. Run it with {@code scripts/example spark-publish}.
 *
 * <p>Start at {@link io.meshwork.examples.sparkpublish.SparkPublishStory}.
 */
@NullMarked
package io.meshwork.examples.sparkpublish;

import org.jspecify.annotations.NullMarked;
