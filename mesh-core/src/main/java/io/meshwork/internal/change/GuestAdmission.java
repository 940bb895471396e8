package io.meshwork.internal.change;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.GovernanceClient.AdmitGuest;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.GuestDomains;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Admits a domain as a guest of a catalog. Not thread-safe. */
final class GuestAdmission implements AdmitGuest {
  private final ClientSession session;
  private final String domain;
  private final OpenOperation open;
  private final CommitGuard once;
  private @Nullable String catalog;

  GuestAdmission(ClientSession session, String domain) {
    this.session = session;
    this.domain = domain;
    this.once = CommitGuard.withoutKey(action());
    this.open = session.operation(action()).begin();
  }

  @Override
  public AdmitGuest catalog(String name) {
    catalog = NameGrammar.storage(NameGrammar.check("catalog", name));
    return this;
  }

  @Override
  public List<String> commit() {
    open.settle();
    session.checkOpen(action());
    String requested = requireCatalog();
    boolean isAdmitted = isGuest(requested);
    if (!isAdmitted) {
      requireOtherHome(requested);
    }
    once.begin();
    try {
      return isAdmitted
          ? guests(requested)
          : session.ledger().commit(new Admission(requested), session.deadline());
    } finally {
      once.end();
    }
  }

  private MeshAction action() {
    MeshAction action = MeshAction.of(Verb.ADMIT, "the domain " + domain);
    return catalog == null ? action : action.on("to the catalog " + catalog);
  }

  private String requireCatalog() {
    if (session.catalog().topology().shape() == Topology.Shape.CENTRAL) {
      throw Failure.of(action())
          .because("the mesh has one catalog, which is the home of all domains")
          .fix("Remove the call: no domain needs an admission.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    List<String> catalogs = session.catalog().catalogs();
    if (catalog == null) {
      throw Failure.of(action())
          .because("catalog(..) is missing")
          .fix("Call it with one of the catalogs " + catalogs + " before commit().")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    if (!catalogs.contains(catalog)) {
      Optional<String> nearest = NearestName.to(catalog, catalogs);
      throw Failure.of(action())
          .because("the mesh has no catalog '" + catalog + "'")
          .fix(
              nearest.map(near -> "Did you mean '" + near + "'? ").orElse("")
                  + "Its catalogs are "
                  + catalogs
                  + ".")
          .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
    }
    return catalog;
  }

  /** Reads the catalog only: the home of a guest may be unavailable, or closed to the caller. */
  private boolean isGuest(String requested) {
    return session
        .ledger()
        .holds(RegistryKeys.guest(session.catalog().governance(requested), domain));
  }

  private List<String> guests(String requested) {
    return session.catalog().guestConsumers(requested).stream()
        .map(Catalog.Consumer::domain)
        .toList();
  }

  private void requireOtherHome(String requested) {
    session.catalog().requireDomain(domain, action());
    if (session.catalog().topology().catalogOf(domain).equals(requested)) {
      throw Failure.of(action())
          .because("this catalog is the home of the domain")
          .fix("Remove the call, or name another catalog.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  private final class Admission implements Ledger.Change<List<String>> {
    private final String requested;

    Admission(String requested) {
      this.requested = requested;
    }

    @Override
    public MeshAction action() {
      return GuestAdmission.this.action();
    }

    @Override
    public String partition() {
      return session.catalog().governance(requested);
    }

    @Override
    public CommitDraft<List<String>> draft(Ledger.Attempt attempt) {
      List<String> guests = new ArrayList<>(guests(requested));
      if (isGuest(requested)) {
        return CommitDraft.unchanged(List.copyOf(guests));
      }
      guests.add(domain);
      guests.sort(Comparator.comparing(NameGrammar::storage));
      return GuestDomains.<List<String>>admission(
              session.catalog(), partition(), domain, session.principal())
          .result(List.copyOf(guests));
    }
  }
}
