/**
 * How the requests of a mesh on DynamoDB grow.
 *
 * <p>Start at {@link io.meshwork.benchmarks.growth.DynamoGrowthBenchmark}.
 */
@NullMarked
package io.meshwork.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
