/**
 * The mesh as an Iceberg catalog for engines, whose commits satisfy the contract.
 *
 * <p>Start at {@link io.meshwork.engine.MeshCatalog}, then {@link io.meshwork.engine.EngineCommit}.
 * Invariant: each commit of an engine passes one check and one registry transaction, with a log
 * entry; rows become visible on main only if file statistics prove that they satisfy the contract.
 * No type of Avro, Parquet, Jackson, or Guava is exchanged with Iceberg, because engines relocate
 * them. Imports the internal packages and {@code publish}, for receipts; no backend, which register
 * themselves as {@link io.meshwork.registry.Warehouse}.
 */
@NullMarked
package io.meshwork.engine;

import org.jspecify.annotations.NullMarked;
