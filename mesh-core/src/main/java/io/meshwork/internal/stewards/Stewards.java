package io.meshwork.internal.stewards;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainRoles;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.PrincipalText;
import io.meshwork.product.Principal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The stewards of the mesh: principals who approve, for the consumers, what a product's owner must
 * not do alone. Stateless.
 */
public final class Stewards {
  private Stewards() {}

  /** All stewards, by name. */
  public static List<Principal> all(ClientSession session) {
    return session.ledger().list(RegistryKeys.MESH, RegistryKeys.STEWARDS).stream()
        .map(stored -> stored.key().sort().substring(RegistryKeys.STEWARDS.length()))
        .map(PrincipalText::parse)
        .sorted(Comparator.comparing(Principal::toString))
        .toList();
  }

  /** The stewards who may approve a request of a domain with these accounts. */
  public static List<Principal> forOwner(ClientSession session, Collection<String> accounts) {
    return all(session).stream().filter(steward -> !accounts.contains(steward.account())).toList();
  }

  /**
   * Returns the document that makes the caller a steward.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller is not a steward
   */
  static VersionedDocument requireSteward(ClientSession session, MeshAction action) {
    return session
        .ledger()
        .read(RegistryKeys.steward(session.principal()))
        .orElseThrow(
            () ->
                Failure.of(action)
                    .because(session.principal() + " is not a steward of the mesh")
                    .fix("Ask one of the stewards.")
                    .accessDenied(
                        ErrorCode.ACCESS_DENIED, "the role of a steward", names(session)));
  }

  /**
   * Requires that the caller may appoint the first steward. Anyone may register a domain, so only
   * the first one counts, or the governance of a backend that authenticates principals.
   *
   * @throws io.meshwork.error.AccessDeniedException if it may not
   */
  static void requireFounder(ClientSession session, MeshAction action) {
    if (session.process().filter(ClientSession.ProcessAccount::governance).isPresent()) {
      return;
    }
    List<Principal> founders =
        firstDomain(session).map(domain -> founders(session, domain)).orElse(List.of());
    if (!founders.contains(session.principal())) {
      List<String> names = founders.stream().map(Principal::toString).toList();
      throw Failure.of(action)
          .because(
              "the mesh has no steward, and "
                  + session.principal()
                  + " did not register the first domain of the mesh")
          .fix(
              "Ask "
                  + (names.isEmpty()
                      ? "the principal that registered the first domain"
                      : String.join(" or ", names))
                  + " to appoint one.")
          .accessDenied(ErrorCode.ACCESS_DENIED, "the role of a steward", names);
    }
  }

  /** The principal that registered a domain; its administrators if that one's account left it. */
  private static List<Principal> founders(ClientSession session, DomainEntry domain) {
    DomainRoles roles = session.catalog().roles(domain);
    List<String> accounts = domain.domain().accounts();
    Principal by = roles.registeredBy();
    return roles.isGovernor(by, accounts) || accounts.contains(by.account())
        ? List.of(by)
        : roles.administrators();
  }

  private static List<String> names(ClientSession session) {
    return all(session).stream().map(Principal::toString).toList();
  }

  private static Optional<DomainEntry> firstDomain(ClientSession session) {
    return session.catalog().catalogs().stream()
        .map(catalog -> session.catalog().governance(catalog))
        .flatMap(governance -> session.ledger().thousand(governance, 0).stream())
        .filter(
            entry ->
                entry.json().path("event").asText().equals(MeshEvent.Type.DOMAIN_REGISTERED.text()))
        .min(Comparator.comparing(Ledger::time))
        .flatMap(entry -> session.catalog().findDomain(entry.json().path("subject").asText()));
  }
}
