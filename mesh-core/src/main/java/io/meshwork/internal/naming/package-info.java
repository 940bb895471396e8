/**
 * The grammar of names.
 *
 * <p>Start at {@code NameGrammar}. Invariant: a legal name fits registry keys, folders and tables.
 * Imports {@code error}.
 */
@NullMarked
package io.meshwork.internal.naming;

import org.jspecify.annotations.NullMarked;
