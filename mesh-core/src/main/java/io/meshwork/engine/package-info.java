/**
 * The mesh as engines see it: an Iceberg catalog whose commits keep the contract.
 *
 * <p>Start at {@link io.meshwork.engine.MeshCatalog}, then {@link io.meshwork.engine.EngineCommit}.
 * Invariant: whatever an engine commits passes one gate and one registry transaction, with a log
 * entry; rows become visible on main only if file statistics prove that they keep the contract. No
 * type of Avro, Parquet, Jackson or Guava is exchanged with Iceberg, since engines relocate them.
 * Imports the internal packages and {@code publish}, for receipts; no backend, which offer
 * themselves as {@link io.meshwork.engine.MeshCatalog.Warehouse}.
 */
@NullMarked
package io.meshwork.engine;

import org.jspecify.annotations.NullMarked;
