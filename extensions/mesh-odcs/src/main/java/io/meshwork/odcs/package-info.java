/**
 * Reads documents of the Open Data Contract Standard (ODCS) as contracts, and writes contracts as
 * documents. Proposes a contract from a data file, for a person to read and edit.
 *
 * <p>Start at {@link io.meshwork.odcs.OdcsDocument} and {@link io.meshwork.odcs.OdcsExport}.
 * Invariants: an export of what was read has the same data, reading an export gives an equal
 * contract, and a document is read in bounded memory.
 *
 * <p>Start at {@link io.meshwork.odcs.ContractProposal}. Invariant: a proposal never changes a
 * mesh, each guess has evidence, and memory does not grow with the number of rows. Imports {@code
 * error}, {@code product}, {@code contract}, {@code internal.vector}, {@code
 * internal.parquet.schema} (its error), and {@code internal.parquet.read}. FastCSV reads CSV,
 * SnakeYAML Engine reads and writes YAML, JSON Schema Validator of networknt validates documents,
 * and JavaPoet writes Java.
 */
@NullMarked
package io.meshwork.odcs;

import org.jspecify.annotations.NullMarked;
