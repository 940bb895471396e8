/**
 * The state of access, indexed once: databases, tables, and links with their tags, and the grants
 * of each grantee.
 *
 * <p>Start at {@link io.meshwork.internal.lakeformation.index.AccessIndex}. Invariant: an index
 * says what is granted, and never whether that allows anything. Imports {@code
 * internal.lakeformation} and what that imports.
 */
@NullMarked
package io.meshwork.internal.lakeformation.index;

import org.jspecify.annotations.NullMarked;
