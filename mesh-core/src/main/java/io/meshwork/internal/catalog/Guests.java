package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.routing.Partitions;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a domain known to a catalog that is not its home before it writes there the first time, so
 * that this catalog alone knows everybody who consumes its products. Thread-safe.
 */
public final class Guests {
  private final Ledger ledger;
  private final Catalog catalog;
  private final Set<String> admitted = ConcurrentHashMap.newKeySet();

  /** Guests in the catalogs of a mesh. */
  public Guests(Ledger ledger, Catalog catalog) {
    this.ledger = ledger;
    this.catalog = catalog;
  }

  /**
   * Called before something is written in a partition, of which only those of guests concern it.
   *
   * @throws io.meshwork.error.MeshException if the catalog or the guest's home cannot be asked
   */
  public void admit(String partition) {
    if (Partitions.isGuest(partition) && !admitted.contains(partition)) {
      String governance = catalog.governanceOf(partition);
      Key key = Keys.guest(governance, Partitions.domain(partition));
      if (!ledger.holds(key)) {
        String doing = "write in " + partition;
        String domain =
            catalog.findDomain(Partitions.domain(partition)).orElseThrow().domain().name();
        ledger.commit(new Admission(key, domain, doing), ledger.startDeadline());
      }
      admitted.add(partition);
    }
  }

  private final class Admission implements Ledger.Change<Boolean> {
    private final Key key;
    private final String domain;
    private final String doing;

    Admission(Key key, String domain, String doing) {
      this.key = key;
      this.domain = domain;
      this.doing = doing;
    }

    @Override
    public String doing() {
      return doing;
    }

    @Override
    public String partition() {
      return key.partition();
    }

    @Override
    public Draft<Boolean> draft(Ledger.Attempt attempt) {
      if (ledger.holds(key)) {
        return Draft.settled(false);
      }
      String home = catalog.topology().catalogOf(domain);
      return Draft.<Boolean>of("guest.admitted", Principal.of("mesh", "sdk"), domain)
          .detail("catalog", home)
          .insert(key, Documents.create().put("domain", domain).put("home", home))
          .result(true);
    }
  }
}
