package io.meshwork.internal.catalog;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Registers a domain as a guest of a catalog that is not its home before its first write there, so
 * that each catalog has all consumers of its products. Thread-safe.
 */
public final class GuestDomains {
  private static final Principal SDK = Principal.of("mesh", "sdk");

  private final Ledger ledger;
  private final Catalog catalog;
  private final Set<String> admitted = ConcurrentHashMap.newKeySet();

  /** The guests of all catalogs of a mesh. */
  public GuestDomains(Ledger ledger, Catalog catalog) {
    this.ledger = ledger;
    this.catalog = catalog;
  }

  /**
   * Registers the guest whose partition is about to be written to. Does nothing for other
   * partitions.
   *
   * @throws io.meshwork.error.MeshException if the catalog or the guest's home is unavailable, or
   *     the store does not permit the caller to register the guest
   */
  public void admit(String partition) {
    if (PartitionCatalogs.isConsumer(partition)
        && !isAtHome(partition)
        && !admitted.contains(partition)) {
      String governance = catalog.governanceOf(partition);
      Key key = RegistryKeys.guest(governance, PartitionCatalogs.domain(partition));
      if (!ledger.holds(key)) {
        MeshAction action = MeshAction.of(Verb.WRITE, "in " + partition);
        String domain =
            catalog.findDomain(PartitionCatalogs.domain(partition)).orElseThrow().domain().name();
        register(new Admission(key, domain, action));
      }
      admitted.add(partition);
    }
  }

  /** Registers a guest whose caller may be permitted to write only its own partitions. */
  private void register(Admission admission) {
    try {
      ledger.commitPrerequisite(admission, ledger.startDeadline());
    } catch (BackendException e) {
      if (e.errorCode() != ErrorCode.PERMISSION_MISSING) {
        throw e;
      }
      String admitting =
          PartitionCatalogs.catalog(catalog.topology(), admission.partition()).orElseThrow();
      throw Failure.of(admission.action())
          .because(
              "the domain '"
                  + admission.domain
                  + "' is not a guest of the catalog '"
                  + admitting
                  + "', and the caller may not admit it")
          .fix(
              "Ask a role that governs this catalog to call governance().admit(\""
                  + admission.domain
                  + "\", \""
                  + admitting
                  + "\").commit().")
          .cause(e)
          .lasting(ErrorCode.PERMISSION_MISSING);
    }
  }

  /**
   * The commit that registers a guest.
   *
   * @param governance the governance partition of the catalog whose guest it becomes
   * @param by the principal that admits it
   */
  public static <R> CommitDraft<R> admission(
      Catalog catalog, String governance, String domain, Principal by) {
    String home = catalog.topology().catalogOf(domain);
    return CommitDraft.<R>of("guest.admitted", by, domain)
        .details(new EventDetails.CatalogReference(home))
        .insert(
            RegistryKeys.guest(governance, domain),
            DocumentCodec.document(new GuestDocument(domain, home)));
  }

  /**
   * A guest, as its catalog stores it.
   *
   * @param home the catalog that contains its products
   */
  record GuestDocument(String domain, String home) {
    static GuestDocument of(VersionedDocument stored) {
      return DocumentCodec.of(GuestDocument.class).read(stored);
    }
  }

  /** True for a domain that is a consumer in its own home. */
  private boolean isAtHome(String partition) {
    return catalog.homeConsumerPartition(PartitionCatalogs.domain(partition)).equals(partition);
  }

  private final class Admission implements Ledger.Change<Boolean> {
    private final Key key;
    private final String domain;
    private final MeshAction action;

    Admission(Key key, String domain, MeshAction action) {
      this.key = key;
      this.domain = domain;
      this.action = action;
    }

    @Override
    public MeshAction action() {
      return action;
    }

    @Override
    public String partition() {
      return key.partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      if (ledger.holds(key)) {
        return CommitDraft.unchanged(false);
      }
      return GuestDomains.<Boolean>admission(catalog, partition(), domain, SDK).result(true);
    }
  }
}
