package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.change.RegisterDomain;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainEntry.DataPlace;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.text.Count;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registers a domain or changes a registered one. Not thread-safe. */
final class DomainRegistration implements RegisterDomain {
  /** The most accounts that one transaction adds and removes; the rest of it is for the domain. */
  private static final int MAX_CHANGED_ACCOUNTS = 80;

  private final ClientSession session;
  private final OpenOperation open;
  private final String name;
  private @Nullable String description;
  private @Nullable String owner;
  private @Nullable String steward;
  private @Nullable List<String> accounts;
  private @Nullable List<Principal> administrators;
  private @Nullable List<Principal> deciders;
  private @Nullable String root;

  DomainRegistration(ClientSession session, String name) {
    this.session = session;
    this.name = name;
    this.open = session.operation(action()).begin();
  }

  @Override
  public RegisterDomain description(String text) {
    description = ArgumentChecks.text("description", text);
    return this;
  }

  @Override
  public RegisterDomain owner(String contact) {
    owner = ArgumentChecks.text("owner", contact);
    return this;
  }

  @Override
  public RegisterDomain steward(String contact) {
    steward = ArgumentChecks.text("steward", contact);
    return this;
  }

  @Override
  public RegisterDomain accounts(String... names) {
    List<String> requested = ArgumentChecks.all("accounts", names);
    for (String account : requested) {
      Principal.of(account, "any");
      if (!session.canHaveAccount(account)) {
        throw ArgumentChecks.refused(
            "accounts",
            "contains '" + account + "', which this backend does not have",
            "Name accounts of the backend; on AWS, an account has 12 digits.");
      }
    }
    requireDistinct("accounts", requested, "account");
    accounts = requested;
    return this;
  }

  @Override
  public RegisterDomain administrators(Principal... principals) {
    administrators = roles("administrators", principals);
    return this;
  }

  @Override
  public RegisterDomain deciders(Principal... principals) {
    deciders = roles("deciders", principals);
    return this;
  }

  @Override
  public RegisterDomain location(String place) {
    root = DataPlaces.canonical("location", place);
    return this;
  }

  private static List<Principal> roles(String parameter, Principal... principals) {
    List<Principal> requested = ArgumentChecks.all(parameter, principals);
    requireDistinct(parameter, requested, "role");
    return requested;
  }

  private static void requireDistinct(String parameter, List<?> values, String noun) {
    if (values.isEmpty() || values.stream().distinct().count() < values.size()) {
      throw ArgumentChecks.refused(
          parameter, "is empty or contains a duplicate", "Name each " + noun + " once.");
    }
  }

  @Override
  public Domain commit() {
    open.settle();
    session.checkOpen(action());
    return session.ledger().commit(new Registration(), session.deadline());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.REGISTER, "domain " + name);
  }

  private String governance() {
    return session.catalog().governance(session.catalog().topology().catalogOf(name));
  }

  /** Only administrators, or the registrar of a domain of other accounts, may change roles. */
  private void requireAllowed(DomainEntry entry, Domain before, Domain requested) {
    boolean sameButRoles =
        before.description().equals(requested.description())
            && before.owner().equals(requested.owner())
            && before.steward().equals(requested.steward())
            && before.accounts().equals(requested.accounts());
    if (sameButRoles
        && session
            .catalog()
            .roles(entry)
            .isGovernor(session.principal(), entry.domain().accounts())) {
      return;
    }
    session.authorizer().requireOwner(name, action());
    if (newPlace(Optional.of(entry)).isPresent()
        || !before.accounts().equals(requested.accounts())
        || !before.administrators().equals(requested.administrators())
        || !before.deciders().equals(requested.deciders())) {
      session.authorizer().requireAdministrator(name, action());
    }
  }

  /** The root of the requested place, unless it is the newest place of the domain. */
  private Optional<String> newPlace(Optional<DomainEntry> existing) {
    Optional<String> newest = existing.flatMap(entry -> entry.roots().stream().findFirst());
    return Optional.ofNullable(root).filter(requested -> !newest.equals(Optional.of(requested)));
  }

  private final class Registration implements Ledger.Change<Domain> {
    @Override
    public MeshAction action() {
      return DomainRegistration.this.action();
    }

    @Override
    public String partition() {
      return governance();
    }

    @Override
    public CommitDraft<Domain> draft(Ledger.Attempt attempt) {
      Optional<DomainEntry> existing = session.catalog().findDomain(name);
      if (existing.isPresent() && !existing.get().domain().name().equals(name)) {
        throw Failure.of(action())
            .because(
                "domain '"
                    + existing.get().domain().name()
                    + "' has the same storage name '"
                    + NameGrammar.storage(name)
                    + "'")
            .fix("Use that domain, or choose another name.")
            .alreadyExists(ErrorCode.ALREADY_EXISTS);
      }
      if (existing.isEmpty()) {
        requireNoDatabase();
      }
      Optional<Domain> before = existing.map(DomainEntry::domain);
      Domain requested = requested(before.orElse(null));
      existing.ifPresent(entry -> requireAllowed(entry, before.orElseThrow(), requested));
      Optional<DataPlace> place =
          newPlace(existing)
              .map(added -> session.tables().claimPlace("location", added, requested.accounts()));
      if (before.filter(requested::equals).isPresent() && place.isEmpty()) {
        return CommitDraft.unchanged(requested);
      }
      CommitDraft<Domain> draft =
          CommitDraft.of(
              existing.isPresent() ? "domain.amended" : "domain.registered",
              session.principal(),
              name);
      write(draft, existing, requested, place, attempt.now());
      place.ifPresent(added -> draft.details(new EventDetails.DataLocation(added.root())));
      return draft.result(requested);
    }

    /** The databases of links and of domains share their names. */
    private void requireNoDatabase() {
      for (DomainEntry consumer : session.catalog().domains()) {
        if (session.catalog().links(consumer.domain().name()).stream()
            .anyMatch(link -> link.name().database().equals(NameGrammar.storage(name)))) {
          throw Failure.of(action())
              .because(
                  "a domain of this mesh has links in a database of the same name, '"
                      + NameGrammar.storage(name)
                      + "'")
              .fix("Choose another name.")
              .alreadyExists(ErrorCode.ALREADY_EXISTS);
        }
      }
    }

    private Domain requested(@Nullable Domain before) {
      String newOwner = owner != null ? owner : before == null ? null : before.owner();
      if (newOwner == null) {
        throw Failure.of(action())
            .because("it has no owner")
            .fix("Call owner(\"team@example.org\").")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      List<String> newAccounts =
          accounts != null ? accounts : before == null ? ownAccount() : before.accounts();
      List<Principal> newAdministrators = administrators(before, newAccounts);
      return new Domain(
          name,
          description != null ? description : before == null ? "" : before.description(),
          newOwner,
          steward(before, newOwner),
          newAccounts,
          newAdministrators,
          deciders(before, newAccounts, newAdministrators));
    }

    private List<Principal> administrators(@Nullable Domain before, List<String> newAccounts) {
      if (administrators != null) {
        return requireAccounts("administrators", administrators, newAccounts);
      } else if (before == null) {
        return ofAccounts(List.of(session.principal()), newAccounts);
      }
      List<Principal> retained = ofAccounts(before.administrators(), newAccounts);
      if (retained.isEmpty() && !before.administrators().isEmpty()) {
        throw Failure.of(MeshAction.of(Verb.AMEND, "domain " + name))
            .because(
                "its administrators are "
                    + before.administrators()
                    + ", and none of them is a role of accounts "
                    + newAccounts)
            .fix("Name a role of these accounts with administrators(..).")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      return retained;
    }

    /** Former administrators are not deciders by default. */
    private List<Principal> deciders(
        @Nullable Domain before, List<String> newAccounts, List<Principal> newAdministrators) {
      if (deciders != null) {
        return requireAccounts("deciders", deciders, newAccounts);
      } else if (before == null || before.deciders().equals(before.administrators())) {
        return newAdministrators;
      }
      List<Principal> retained = ofAccounts(before.deciders(), newAccounts);
      return retained.isEmpty() ? newAdministrators : retained;
    }

    private List<Principal> requireAccounts(
        String parameter, List<Principal> roles, List<String> newAccounts) {
      for (Principal role : roles) {
        if (!newAccounts.contains(role.account())) {
          throw ArgumentChecks.refused(
              parameter,
              "names " + role + ", and the accounts of domain '" + name + "' are " + newAccounts,
              "Name roles of these accounts.");
        }
      }
      return roles;
    }

    private List<Principal> ofAccounts(List<Principal> roles, List<String> newAccounts) {
      return roles.stream().filter(role -> newAccounts.contains(role.account())).toList();
    }

    /** The former owner is not the steward by default. */
    private String steward(@Nullable Domain before, String newOwner) {
      if (steward != null) {
        return steward;
      }
      return before == null || before.steward().equals(before.owner())
          ? newOwner
          : before.steward();
    }

    /** By default, the account with the name of the domain registers the domain for itself. */
    private List<String> ownAccount() {
      String account = session.principal().account();
      if (!account.equals(name)) {
        throw Failure.of(action().on("as " + session.principal()))
            .because(
                "by default, the account '"
                    + name
                    + "' acts for it, and the caller's account is '"
                    + account
                    + "'"
                    + (account.equalsIgnoreCase(name) ? "; names are case-sensitive" : ""))
            .fix(
                "Act as account '"
                    + name
                    + "', or call accounts(\""
                    + account
                    + "\") to act for it yourself, or accounts(\""
                    + name
                    + "\") to register it for others.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      return List.of(name);
    }

    /** Each account has a document, and one transaction changes them all. */
    private void requireFew(int added, int removed) {
      if (added + removed > MAX_CHANGED_ACCOUNTS) {
        throw Failure.of(action())
            .because(
                "it adds "
                    + Count.of(added, "account")
                    + " and removes "
                    + removed
                    + ", and one call changes at most "
                    + MAX_CHANGED_ACCOUNTS)
            .fix(
                "Call accounts(..) with "
                    + MAX_CHANGED_ACCOUNTS
                    + " of them first, then again with these and the others.")
            .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
      }
    }

    private void write(
        CommitDraft<Domain> draft,
        Optional<DomainEntry> existing,
        Domain requested,
        Optional<DataPlace> place,
        Instant now) {
      List<String> removed =
          new ArrayList<>(existing.map(entry -> entry.domain().accounts()).orElse(List.of()));
      removed.removeAll(requested.accounts());
      DomainEntry entry =
          existing.orElseGet(
              () ->
                  DomainEntry.registered(
                      RegistryKeys.domain(governance(), name), requested, session.principal()));
      ObjectNode json = entry.amended(requested, place, now).toDocument();
      if (existing.isPresent()) {
        draft.replace(entry.stored(), json);
      } else {
        draft.insert(entry.stored().key(), json);
      }
      List<String> added = new ArrayList<>(requested.accounts());
      existing.ifPresent(registered -> added.removeAll(registered.domain().accounts()));
      requireFew(added.size(), removed.size());
      for (String account : removed) {
        session.ledger().read(RegistryKeys.account(governance(), account)).ifPresent(draft::delete);
      }
      for (String account : requested.accounts()) {
        Optional<AccountEntry> registered = session.catalog().findAccount(account);
        if (registered.isEmpty()) {
          draft.insert(RegistryKeys.account(governance(), account), AccountEntry.document(name));
        } else if (!registered.get().domain().equals(name)) {
          throw Failure.of(action())
              .because(
                  "account '"
                      + account
                      + "' acts for domain '"
                      + registered.get().domain()
                      + "' already, and an account acts for one domain")
              .fix("Name another account.")
              .alreadyExists(ErrorCode.ALREADY_EXISTS);
        }
      }
    }
  }
}
