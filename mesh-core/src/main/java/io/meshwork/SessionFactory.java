package io.meshwork;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.GuestDomains;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.index.IndexUpdates;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.LedgerExtension;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.open.OpenOperations;
import io.meshwork.internal.rights.AccessPolicy;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.routing.TopologyDocument.MeshLayout;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.session.AccessCounter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.ProcessAccount;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;

/**
 * Creates the sessions that use the same registry and files, and what they share: one factory for
 * each principal if the backend authenticates principals, otherwise one for all. Thread-safe.
 */
final class SessionFactory {
  private final Registry registry;
  private final FileIO files;
  private final MeshRuntime runtime;
  private final Ledger ledger;
  private final Catalog catalog;
  private final AccessPolicy policy;
  private final RightsDocuments rights;
  private final AccessCounter accessCounter;
  private final MeshTables tables;
  private final GuestDomains guests;
  private final Optional<ProcessAccount> process;
  private final Optional<RightsMirror> rightsMirror;

  /**
   * Creates a factory.
   *
   * @param registry all catalogs as one registry; closed with the factory
   * @param files closed with the factory
   * @param root the location that contains all files
   * @param process the account of this process; empty if the backend authenticates no principal
   * @param rightsMirror decides who may read outside the mesh; empty if nothing does
   * @param committed receives the partition of each commit
   */
  SessionFactory(
      Registry registry,
      MeshLayout layout,
      FileIO files,
      String root,
      MeshRuntime runtime,
      Optional<ProcessAccount> process,
      Optional<RightsMirror> rightsMirror,
      Consumer<String> committed) {
    this.registry = registry;
    this.files = files;
    this.runtime = runtime;
    this.ledger = new Ledger(registry, runtime);
    this.catalog = new Catalog(ledger, layout.topology(), layout.partitionsConsumers());
    IndexUpdates.install(ledger, catalog);
    this.guests = new GuestDomains(ledger, catalog);
    ledger.extend(
        new LedgerExtension() {
          @Override
          public void beforeCommit(String partition) {
            guests.admit(partition);
          }

          @Override
          public void afterCommit(String partition) {
            committed.accept(partition);
          }
        });
    this.rights = new RightsDocuments(ledger, catalog);
    this.policy = AccessPolicy.of(rights, catalog);
    this.process = process;
    this.rightsMirror = rightsMirror;
    this.accessCounter = new AccessCounter(ledger, catalog, runtime, process.isEmpty());
    this.tables = new MeshTables(ledger, files, new DataPlaces(catalog, root), process.isPresent());
    LastUpdatedFile.install(ledger, catalog, tables, runtime);
  }

  /** Returns a session of a principal. */
  ClientSession session(
      Principal principal,
      OpenOperations operations,
      UnaryOperator<String> addresses,
      Supplier<Optional<Instant>> closedAt) {
    return session(principal, catalog, operations, addresses, closedAt);
  }

  /** Returns a session for work of the mesh, such as maintenance. */
  ClientSession background(
      Principal principal,
      OpenOperations operations,
      UnaryOperator<String> addresses,
      Supplier<Optional<Instant>> closedAt) {
    return session(principal, catalog.ofMesh(), operations, addresses, closedAt);
  }

  private ClientSession session(
      Principal principal,
      Catalog seen,
      OpenOperations operations,
      UnaryOperator<String> addresses,
      Supplier<Optional<Instant>> closedAt) {
    return new ClientSession(
        principal,
        ledger,
        seen,
        policy,
        rights,
        accessCounter,
        operations,
        tables,
        tables.files(),
        addresses,
        runtime,
        process,
        rightsMirror,
        closedAt);
  }

  /** Makes what a new registry lacks, and refuses one that is not for this version or place. */
  void prepare(String root) {
    MeshRoot.ensure(ledger, root).require(root);
  }

  /** Writes pending counts of reads, then closes registry and files. */
  void close() {
    try {
      accessCounter.write();
    } finally {
      closeStores();
    }
  }

  private void closeStores() {
    try {
      files.close();
    } finally {
      registry.close();
    }
  }
}
