/**
 * Tags, grants and authorizations as documents, and what principals may see of products by them.
 *
 * <p>Start at {@link io.meshwork.internal.rights.AccessPolicy}. Invariant: {@code
 * internal.lakeformation} alone evaluates grants; this package collects what the evaluation rests
 * on. Imports {@code access}, {@code contract}, {@code internal.lakeformation}, {@code
 * internal.ledger} and {@code internal.catalog}.
 */
@NullMarked
package io.meshwork.internal.rights;

import org.jspecify.annotations.NullMarked;
