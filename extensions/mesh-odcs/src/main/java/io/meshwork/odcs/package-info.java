/**
 * Proposes a contract from a data file, for a person to read and edit, as Java or as a document of
 * the Open Data Contract Standard (ODCS) 3.1.
 *
 * <p>Start at {@link io.meshwork.odcs.ContractProposal}. Invariant: a proposal never changes a
 * mesh, each guess has evidence, and memory does not grow with the number of rows. Imports {@code
 * error}, {@code product}, {@code contract}, {@code internal.vector}, {@code
 * internal.parquet.schema} (its error), and {@code internal.parquet.read}. FastCSV reads CSV,
 * SnakeYAML Engine writes YAML, and JavaPoet writes Java.
 */
@NullMarked
package io.meshwork.odcs;

import org.jspecify.annotations.NullMarked;
