package io.meshwork.internal.catalog;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
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
   * @throws io.meshwork.error.MeshException if the catalog or the guest's home is unavailable
   */
  public void admit(String partition) {
    if (PartitionCatalogs.isGuest(partition)
        && !isAtHome(partition)
        && !admitted.contains(partition)) {
      String governance = catalog.governanceOf(partition);
      Key key = RegistryKeys.guest(governance, PartitionCatalogs.domain(partition));
      if (!ledger.holds(key)) {
        MeshAction action = MeshAction.of(Verb.WRITE, "in " + partition);
        String domain =
            catalog.findDomain(PartitionCatalogs.domain(partition)).orElseThrow().domain().name();
        ledger.commit(new Admission(key, domain, action), ledger.startDeadline());
      }
      admitted.add(partition);
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
      String home = catalog.topology().catalogOf(domain);
      return CommitDraft.<Boolean>of("guest.admitted", Principal.of("mesh", "sdk"), domain)
          .detail("catalog", home)
          .insert(key, DocumentJson.create().put("domain", domain).put("home", home))
          .result(true);
    }
  }
}
