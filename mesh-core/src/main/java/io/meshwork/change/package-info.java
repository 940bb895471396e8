/**
 * Domains and products as they come to be and change.
 *
 * <p>Start at {@link io.meshwork.change.DefineProduct}. Invariant: what others rely on changes in
 * one registry transaction with its log entry. Imports the internal rooms; no other verb.
 */
@NullMarked
package io.meshwork.change;

import org.jspecify.annotations.NullMarked;
