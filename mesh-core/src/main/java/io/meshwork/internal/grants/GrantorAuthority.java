package io.meshwork.internal.grants;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/**
 * What the owner of some data lets a principal of another account do for it, as it was read once. A
 * change that rests on it checks the documents that it rests on.
 *
 * @param all what is authorized there, by the documents
 * @param request that is answered, if one is
 */
record GrantorAuthority(
    ClientSession session,
    DomainEntry owner,
    Map<VersionedDocument, StoredAuthorization> all,
    String place,
    Optional<String> request) {
  private static final int MOST_TOLD = 5;

  /** Over a product, or over what is not on one product alone. */
  static GrantorAuthority of(
      ClientSession session,
      RightsDocuments documents,
      DomainEntry owner,
      Optional<ProductName> product,
      Optional<String> request) {
    String domain = owner.domain().name();
    return new GrantorAuthority(
        session,
        owner,
        product.isPresent()
            ? documents.authorizations(product.get())
            : documents.authorizations(domain),
        product.map(ProductName::toString).orElse(domain),
        request);
  }

  /** A grant as it may be written, and what must not change until it is. */
  record Covered(StoredGrant grant, List<VersionedDocument> checks) {}

  private Principal principal() {
    return session.principal();
  }

  /** True if some authorization is for this principal, whatever its end. */
  boolean names() {
    return all.values().stream().anyMatch(each -> each.names(principal()));
  }

  /**
   * All the ways in which a grant may be written.
   *
   * @param schema of the product that it is on
   * @throws AccessDeniedException if there is none, saying what is authorized and whom to ask
   */
  List<Covered> covering(
      StoredGrant wanted, Optional<Schema> schema, Instant at, MeshAction action) {
    List<Covered> found = new ArrayList<>();
    Map<String, String> faults = new LinkedHashMap<>();
    all.forEach(
        (stored, given) -> {
          if (given.names(principal())) {
            List<VersionedDocument> checks = new ArrayList<>();
            Optional<String> fault =
                fault(stored, given, GrantScope.of(wanted), request, schema, at, checks);
            fault.ifPresentOrElse(
                why -> faults.put(given.id(), why),
                () -> found.add(new Covered(wanted.under(given, principal().toString()), checks)));
          }
        });
    if (found.isEmpty()) {
      throw session.denied(place, action, refused(wanted.to(), faults, action));
    }
    return found;
  }

  /** Why an authorization does not do; empty if it does. */
  private Optional<String> fault(
      VersionedDocument stored,
      StoredAuthorization given,
      GrantScope wanted,
      Optional<String> request,
      Optional<Schema> schema,
      Instant at,
      List<VersionedDocument> checks) {
    checks.add(stored);
    if (!given.inForce(at)) {
      return Optional.of("it ended " + given.scope().until().orElseThrow() + " (ENDED)");
    } else if (given.request().isPresent() && !given.request().equals(request)) {
      return Optional.of(
          "it is for request " + given.request().get() + " alone: forRequest(..) (OTHER_REQUEST)");
    } else if (request.isPresent() && given.request().isEmpty()) {
      return Optional.of("it is for no request: leave forRequest(..) out (OTHER_REQUEST)");
    }
    Optional<String> beyond =
        wanted.beyond(given.scope(), schema).or(() -> gain(given, wanted.to()));
    if (beyond.isPresent() || given.under().isEmpty()) {
      return beyond;
    }
    for (Map.Entry<VersionedDocument, StoredAuthorization> each : all.entrySet()) {
      StoredAuthorization parent = each.getValue();
      if (parent.id().equals(given.under().get()) && parent.delegating()) {
        return fault(each.getKey(), parent, wanted, parent.request(), schema, at, checks)
            .map(why -> "of authorization " + parent.id() + ", which it is under: " + why);
      }
    }
    return Optional.of("what it was given under was withdrawn (ENDED)");
  }

  /** Why the executors would share with themselves; empty if the authorization names whom. */
  private Optional<String> gain(StoredAuthorization given, List<Grantee> grantees) {
    return given.scope().to().isEmpty()
            && grantees.stream().anyMatch(to -> isAmongExecutors(given, to))
        ? Optional.of(
            "executors share nothing with themselves unless it names them with forConsumers(..)"
                + " (EXECUTOR_GAINS)")
        : Optional.empty();
  }

  /** Every account stands for its roles, and for the other accounts of its domain. */
  private boolean isAmongExecutors(StoredAuthorization given, Grantee to) {
    if (to.account().isEmpty()) {
      return true;
    }
    String account = to.account().get();
    List<String> alike =
        session
            .catalog()
            .findAccount(account)
            .map(
                found ->
                    session
                        .catalog()
                        .requireDomain(found.domain(), MeshAction.of(Verb.SHARE, account)))
            .map(found -> found.domain().accounts())
            .orElse(List.of(account));
    return Stream.concat(
            given.executors().stream().flatMap(each -> each.account().stream()),
            Stream.of(principal().account()))
        .anyMatch(each -> each.equals(account) || alike.contains(each));
  }

  /**
   * What must not change until a grant that was carried out for the owner is taken back by those
   * who may carry it out.
   *
   * @throws AccessDeniedException if the owner made it, or the caller may not carry it out now
   */
  List<VersionedDocument> toRevoke(StoredGrant grant, Instant at, MeshAction action) {
    for (Map.Entry<VersionedDocument, StoredAuthorization> each : all.entrySet()) {
      StoredAuthorization given = each.getValue();
      if (grant.authorization().filter(given.id()::equals).isPresent()) {
        for (Map.Entry<VersionedDocument, StoredAuthorization> by : all.entrySet()) {
          StoredAuthorization held = by.getValue();
          boolean above = given.under().filter(held.id()::equals).isPresent();
          if ((above || held.id().equals(given.id()))
              && held.names(principal())
              && held.inForce(at)) {
            return List.of(each.getKey(), by.getKey());
          }
        }
      }
    }
    String why =
        "grant "
            + grant.id()
            + (grant.authorization().isEmpty()
                ? " was made by the owner itself"
                : " was carried out by an authorization that is not in force for it")
            + " (NO_AUTHORIZATION)";
    throw session.denied(place, action, notRevoked(action, why));
  }

  private AccessDeniedException notRevoked(MeshAction action, String why) {
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + action
            + " as "
            + principal()
            + ": it does not act for domain '"
            + owner.domain().name()
            + "', and "
            + why
            + ". Nothing was changed. Ask "
            + owner.domain().owner()
            + " to revoke it.",
        "the right to revoke it",
        List.of(owner.domain().owner()));
  }

  /** For one who would withdraw what the owner, or somebody else, gave. */
  static AccessDeniedException notGiven(
      Principal principal, DomainEntry owner, StoredAuthorization given, MeshAction action) {
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + action
            + " as "
            + principal
            + ": it does not act for domain '"
            + owner.domain().name()
            + "', and "
            + given.givenBy()
            + " gave it. Nothing was changed. Ask "
            + owner.domain().owner()
            + " to withdraw it.",
        "the right to withdraw it",
        List.of(owner.domain().owner()));
  }

  private AccessDeniedException refused(Grantee to, Map<String, String> faults, MeshAction action) {
    StringBuilder why = new StringBuilder("it does not act for domain '");
    why.append(owner.domain().name());
    if (faults.isEmpty()) {
      why.append("', and no authorization names it or its account (NO_AUTHORIZATION); a recipient")
          .append(" hands on within its own account only (RESHARE_FORBIDDEN)");
    } else {
      why.append("', and this asks more than the owner authorized (NOT_COVERED)");
      faults.entrySet().stream()
          .limit(MOST_TOLD)
          .forEach(
              each ->
                  why.append("; authorization ")
                      .append(each.getKey())
                      .append(": ")
                      .append(each.getValue()));
    }
    String contact = owner.domain().owner();
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + action
            + " as "
            + principal()
            + " to "
            + AccessFormatter.grantee(to)
            + ": "
            + why
            + ". Nothing was changed. "
            + (faults.isEmpty() ? "" : "Ask for no more than that, or ask ")
            + (faults.isEmpty() ? "Ask " : "")
            + contact
            + " to authorize it with access().authorize(\""
            + place
            + "\").executor(..).",
        "an authorization of domain '" + owner.domain().name() + "' for this grant",
        List.of(contact));
  }
}
