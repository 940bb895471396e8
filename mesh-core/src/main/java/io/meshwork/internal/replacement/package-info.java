/**
 * Replaces and removes rows of a table that exist already.
 *
 * <p>Start at {@code RowReplacement}, and at {@code ReplacedRows}, the port for the kinds of rows
 * that a publish replaces. Invariant: a row that another commit changed in the meantime is a
 * conflict. Imports the packages of row flow; knows no contract.
 */
@NullMarked
package io.meshwork.internal.replacement;

import org.jspecify.annotations.NullMarked;
