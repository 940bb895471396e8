package io.meshwork.internal.change;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.GuestDomains;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.NearestName;
import io.meshwork.operation.Operation;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Admits a domain as a guest of a catalog. Not thread-safe. */
final class GuestAdmission implements Operation<List<String>> {
  private final ClientSession session;
  private final String domain;
  private final String catalog;
  private final OpenOperation open;
  private final CommitGuard once;

  GuestAdmission(ClientSession session, String domain, String catalog) {
    this.session = session;
    this.domain = domain;
    this.catalog = catalog;
    this.once = CommitGuard.withoutKey(action());
    this.open = session.operation(action()).begin();
  }

  @Override
  public List<String> commit() {
    open.settle();
    session.checkOpen(action());
    requireCatalog();
    boolean isAdmitted = isGuest();
    if (!isAdmitted) {
      requireOtherHome();
    }
    once.begin();
    try {
      return isAdmitted ? guests() : session.ledger().commit(new Admission(), session.deadline());
    } finally {
      once.end();
    }
  }

  private MeshAction action() {
    return MeshAction.of(Verb.ADMIT, "the domain " + domain).on("to the catalog " + catalog);
  }

  private void requireCatalog() {
    if (session.catalog().topology().shape() == Topology.Shape.CENTRAL) {
      throw Failure.of(action())
          .because("the mesh has one catalog, which is the home of all domains")
          .fix("Remove the call: no domain needs an admission.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    List<String> catalogs = session.catalog().catalogs();
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
  }

  /** Reads the catalog only: the home of a guest may be unavailable, or closed to the caller. */
  private boolean isGuest() {
    return session
        .ledger()
        .holds(RegistryKeys.guest(session.catalog().governance(catalog), domain));
  }

  private List<String> guests() {
    return session.catalog().guestConsumers(catalog).stream()
        .map(Catalog.Consumer::domain)
        .toList();
  }

  private void requireOtherHome() {
    session.catalog().requireDomain(domain, action());
    if (session.catalog().topology().catalogOf(domain).equals(catalog)) {
      throw Failure.of(action())
          .because("this catalog is the home of the domain")
          .fix("Remove the call, or name another catalog.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  private final class Admission implements Ledger.Change<List<String>> {
    @Override
    public MeshAction action() {
      return GuestAdmission.this.action();
    }

    @Override
    public String partition() {
      return session.catalog().governance(catalog);
    }

    @Override
    public CommitDraft<List<String>> draft(Ledger.Attempt attempt) {
      List<String> guests = new ArrayList<>(guests());
      if (isGuest()) {
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
