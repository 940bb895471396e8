/**
 * The main job: New York's green taxi trips of January 2024, published under a contract and
 * consumed.
 *
 * <p>Uses the public API only.
 */
@NullMarked
package io.meshwork.examples.quickstart;

import org.jspecify.annotations.NullMarked;
