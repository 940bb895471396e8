package io.meshwork.internal.routing;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The registries of a mesh's catalogs, each opened when it is asked for first, and made with the
 * first domain that is registered in it. Which there are is said by documents {@code catalog/…} in
 * {@code _mesh} of the registry that the mesh was opened with, so that a registry which was lost is
 * never taken for one that is not there yet. Thread-safe.
 */
final class CatalogRegistries implements AutoCloseable {
  private final Ledger directory;
  private final MeshRuntime runtime;
  private final Function<String, Registry> opening;
  private final ConcurrentSkipListMap<String, Member> members = new ConcurrentSkipListMap<>();

  CatalogRegistries(Ledger directory, MeshRuntime runtime, Function<String, Registry> opening) {
    this.directory = directory;
    this.runtime = runtime;
    this.opening = opening;
  }

  /** The registry of a catalog; empty if it was never made. */
  Optional<Registry> find(String catalog) {
    Member member = member(catalog);
    return Optional.ofNullable(member.open(false));
  }

  /** The same; it is made if it was not. */
  Registry findOrMake(String catalog) {
    Registry registry = member(catalog).open(true);
    if (registry == null) {
      throw new IllegalStateException("The catalog was not made");
    }
    return registry;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (Member member : members.values()) {
      try {
        member.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private Member member(String catalog) {
    return members.computeIfAbsent(catalog, Member::new);
  }

  private final class Member {
    private final String catalog;
    private volatile @Nullable Registry opened;

    Member(String catalog) {
      this.catalog = catalog;
    }

    @Nullable Registry open(boolean makes) {
      Registry there = opened;
      return there != null ? there : openNow(makes);
    }

    private synchronized @Nullable Registry openNow(boolean makes) {
      if (opened != null) {
        return opened;
      }
      boolean known = directory.read(key()).isPresent();
      if (!known && !makes) {
        return null;
      }
      MeshRoot mesh = MeshRoot.find(directory).orElseThrow();
      Registry registry = ArgumentChecks.required("registry", opening.apply(catalog));
      try {
        Ledger ledger = new Ledger(registry, runtime);
        if (!known) {
          MeshFormat.ensureOneOfSeveral(
              ledger,
              draft -> draft.insert(TopologyDocument.KEY, TopologyDocument.ofCatalog(catalog)));
          MeshRoot.ensure(ledger, mesh);
        }
        requireIsOf(ledger, mesh);
        if (!known) {
          directory.commit(new Adding(catalog), runtime.startDeadline(runtime.deadline()));
        }
      } catch (RuntimeException e) {
        registry.close();
        throw e;
      }
      opened = registry;
      return registry;
    }

    private void requireIsOf(Ledger ledger, MeshRoot mesh) {
      MeshFormat.find(ledger);
      Optional<String> says =
          ledger.read(TopologyDocument.KEY).map(stored -> stored.json().path("catalog").asText());
      if (!MeshRoot.find(ledger).equals(Optional.of(mesh)) || !says.equals(Optional.of(catalog))) {
        throw Failure.of(MeshAction.of(Verb.OPEN, "catalog '" + catalog + "'"))
            .because("its registry is empty, or is that of another mesh or catalog")
            .fix("Restore it from a backup.")
            .lasting(ErrorCode.REGISTRY_CORRUPT);
      }
    }

    private Key key() {
      return new Key(PartitionCatalogs.MESH, RoutedRegistry.CATALOGS + catalog);
    }

    synchronized void close() {
      Registry there = opened;
      if (there != null) {
        there.close();
      }
    }
  }

  /** Notes that there is one more catalog. */
  private final class Adding implements Ledger.Change<Boolean> {
    private final String catalog;

    Adding(String catalog) {
      this.catalog = catalog;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.ADD, "catalog '" + catalog + "'");
    }

    @Override
    public String partition() {
      return PartitionCatalogs.MESH;
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      Key key = new Key(PartitionCatalogs.MESH, RoutedRegistry.CATALOGS + catalog);
      return directory.read(key).isPresent()
          ? CommitDraft.settled(false)
          : CommitDraft.<Boolean>of(
                  "catalog.added", Principal.of("mesh", "sdk"), PartitionCatalogs.MESH)
              .detail("catalog", catalog)
              .insert(key, DocumentJson.create().put("catalog", catalog))
              .result(true);
    }
  }
}
