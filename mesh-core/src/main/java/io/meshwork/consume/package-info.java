/**
 * Subscribing and reading.
 *
 * <p>Start at {@link io.meshwork.consume.Read}. Invariant: a reader sees one committed snapshot,
 * and only what access allows. Imports the internal rooms; no other verb.
 */
@NullMarked
package io.meshwork.consume;

import org.jspecify.annotations.NullMarked;
