package io.meshwork.internal.routing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.event.EventDetails.CatalogReference;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The registries of a mesh's catalogs. Each is opened on first use, and created with the first
 * domain that is registered in it. Documents {@code catalog/…} in {@code _mesh} of the directory
 * list the existing ones, so that a lost registry is not mistaken for a new one. Thread-safe.
 */
final class CatalogRegistries implements AutoCloseable {
  private static final DocumentCodec<CatalogReference> CODEC =
      DocumentCodec.of(CatalogReference.class);

  private final Ledger directory;
  private final MeshRuntime runtime;
  private final Function<String, Registry> opener;
  private final ConcurrentSkipListMap<String, Member> members = new ConcurrentSkipListMap<>();

  CatalogRegistries(Ledger directory, MeshRuntime runtime, Function<String, Registry> opener) {
    this.directory = directory;
    this.runtime = runtime;
    this.opener = opener;
  }

  /** The registry of a catalog; empty if it does not exist. */
  Optional<Registry> find(String catalog) {
    Member member = member(catalog);
    return Optional.ofNullable(member.open(false, Map.of()));
  }

  /** The registry of a catalog; creates it if it does not exist. */
  Registry findOrCreate(String catalog) {
    return add(catalog, Map.of());
  }

  /**
   * As {@link #findOrCreate}, and records where the registry is.
   *
   * @param place the fields of the document of its place; empty for none
   */
  Registry add(String catalog, Map<String, String> place) {
    Registry registry = member(catalog).open(true, place);
    if (registry == null) {
      throw new IllegalStateException("The catalog was not created");
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

    @Nullable Registry open(boolean create, Map<String, String> place) {
      Registry registry = opened;
      return registry != null ? registry : openFirst(create, place);
    }

    private synchronized @Nullable Registry openFirst(boolean create, Map<String, String> place) {
      if (opened != null) {
        return opened;
      }
      boolean exists = directory.read(key()).isPresent();
      if (!exists && !create) {
        return null;
      }
      MeshRoot mesh = MeshRoot.find(directory).orElseThrow();
      Registry registry = ArgumentChecks.required("registry", opener.apply(catalog));
      try {
        Ledger ledger = new Ledger(registry, runtime);
        if (!exists) {
          MeshFormat.ensureOneOfSeveral(
              ledger,
              draft -> draft.insert(TopologyDocument.KEY, TopologyDocument.ofCatalog(catalog)));
          MeshRoot.ensure(ledger, mesh);
        }
        requireCatalogOf(ledger, mesh);
        if (!exists) {
          directory.commitPrerequisite(
              new CatalogAddition(catalog, place), runtime.startDeadline(runtime.deadline()));
        }
      } catch (RuntimeException e) {
        registry.close();
        throw e;
      }
      opened = registry;
      return registry;
    }

    /** Requires that the registry belongs to this catalog and mesh. */
    private void requireCatalogOf(Ledger ledger, MeshRoot mesh) {
      MeshFormat.find(ledger);
      Optional<String> stored =
          ledger.read(TopologyDocument.KEY).map(document -> CODEC.read(document).catalog());
      if (!MeshRoot.find(ledger).equals(Optional.of(mesh))
          || !stored.equals(Optional.of(catalog))) {
        throw Failure.of(MeshAction.of(Verb.OPEN, "catalog '" + catalog + "'"))
            .because("its registry is empty, or belongs to another mesh or catalog")
            .fix("Restore it from a backup.")
            .lasting(ErrorCode.REGISTRY_CORRUPT);
      }
    }

    private Key key() {
      return new Key(PartitionCatalogs.MESH, RoutedRegistry.CATALOGS + catalog);
    }

    synchronized void close() {
      Registry registry = opened;
      if (registry != null) {
        registry.close();
      }
    }
  }

  /** Adds a catalog to the directory. */
  private final class CatalogAddition implements Ledger.Change<Boolean> {
    private final String catalog;
    private final Map<String, String> place;

    CatalogAddition(String catalog, Map<String, String> place) {
      this.catalog = catalog;
      this.place = place;
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
      if (directory.read(key).isPresent()) {
        return CommitDraft.unchanged(false);
      }
      CatalogReference added = new CatalogReference(catalog);
      CommitDraft<Boolean> draft =
          CommitDraft.<Boolean>of(
                  "catalog.added", Principal.of("mesh", "sdk"), PartitionCatalogs.MESH)
              .details(added)
              .insert(key, CODEC.write(added, Optional.empty()));
      if (!place.isEmpty()) {
        ObjectNode json = JsonNodeFactory.instance.objectNode(); // its fields are the backend's
        place.forEach(json::put);
        draft
            .details(json)
            .insert(RoutedRegistry.place(catalog), DocumentJson.create().setAll(json));
      }
      return draft.result(true);
    }
  }
}
