package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.change.RegisterDomain;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainRoles;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registers a domain or changes a registered one. One thread. */
final class DomainRegistration implements RegisterDomain {
  private final ClientSession session;
  private final OpenOperation open;
  private final String name;
  private @Nullable String description;
  private @Nullable String owner;
  private @Nullable String steward;
  private @Nullable List<String> accounts;
  private @Nullable List<Principal> administrators;
  private @Nullable List<Principal> deciders;

  DomainRegistration(ClientSession session, String name) {
    this.session = session;
    this.name = name;
    this.open = session.operation(action()).begin();
  }

  @Override
  public RegisterDomain describedAs(String text) {
    description = ArgumentChecks.text("describedAs", text);
    return this;
  }

  @Override
  public RegisterDomain ownedBy(String contact) {
    owner = ArgumentChecks.text("ownedBy", contact);
    return this;
  }

  @Override
  public RegisterDomain stewardedBy(String contact) {
    steward = ArgumentChecks.text("stewardedBy", contact);
    return this;
  }

  @Override
  public RegisterDomain accounts(String... names) {
    List<String> wanted = ArgumentChecks.all("accounts", names);
    for (String account : wanted) {
      Principal.of(account, "any");
    }
    if (wanted.isEmpty() || wanted.stream().distinct().count() < wanted.size()) {
      throw ArgumentChecks.refused(
          "accounts", "is empty or names one twice", "Name each account once.");
    }
    accounts = wanted;
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

  private static List<Principal> roles(String parameter, Principal... principals) {
    List<Principal> wanted = ArgumentChecks.all(parameter, principals);
    if (wanted.isEmpty() || wanted.stream().distinct().count() < wanted.size()) {
      throw ArgumentChecks.refused(
          parameter, "is empty or names one twice", "Name each role once.");
    }
    return wanted;
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

  /** With the roles that it has where its document names none. */
  private Domain asItStands(DomainEntry entry) {
    DomainRoles roles = session.catalog().roles(entry);
    Domain domain = entry.domain();
    return new Domain(
        domain.name(),
        domain.description(),
        domain.owner(),
        domain.steward(),
        domain.accounts(),
        roles.administrators(),
        roles.deciders());
  }

  /** Roles are for administrators to name, and for who registered the domain for others. */
  private void requireAllowed(DomainEntry entry, Domain before, Domain wanted) {
    boolean sameButRoles =
        before.description().equals(wanted.description())
            && before.owner().equals(wanted.owner())
            && before.steward().equals(wanted.steward())
            && before.accounts().equals(wanted.accounts());
    if (sameButRoles
        && session
            .catalog()
            .roles(entry)
            .isGovernor(session.principal(), entry.domain().accounts())) {
      return;
    }
    session.authorizer().requireOwner(name, action());
    if (!before.accounts().equals(wanted.accounts())
        || !before.administrators().equals(wanted.administrators())
        || !before.deciders().equals(wanted.deciders())) {
      session.authorizer().requireAdministrator(name, action());
    }
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
        throw new AlreadyExistsException(
            ErrorCode.ALREADY_EXISTS,
            "Cannot register domain '"
                + name
                + "': domain '"
                + existing.get().domain().name()
                + "' has the same storage name '"
                + NameGrammar.storage(name)
                + "'. Use that one, or choose another name.");
      }
      if (existing.isEmpty()) {
        requireNoDatabase();
      }
      Optional<Domain> before = existing.map(DomainRegistration.this::asItStands);
      Domain wanted = wanted(before.orElse(null));
      existing.ifPresent(entry -> requireAllowed(entry, before.orElseThrow(), wanted));
      if (before.filter(wanted::equals).isPresent()) {
        return CommitDraft.unchanged(wanted);
      }
      CommitDraft<Domain> draft =
          CommitDraft.of(
              existing.isPresent() ? "domain.amended" : "domain.registered",
              session.principal(),
              name);
      write(draft, existing, wanted);
      return draft.result(wanted);
    }

    /** A link's database and a domain of one name could not be told apart. */
    private void requireNoDatabase() {
      for (DomainEntry consumer : session.catalog().domains()) {
        if (session.catalog().links(consumer.domain().name()).stream()
            .anyMatch(link -> link.name().database().equals(NameGrammar.storage(name)))) {
          throw new AlreadyExistsException(
              ErrorCode.ALREADY_EXISTS,
              "Cannot register domain '"
                  + name
                  + "': a domain of this mesh has links in a database '"
                  + NameGrammar.storage(name)
                  + "', and the two could not be told apart. Nothing was done. Choose another"
                  + " name.");
        }
      }
    }

    private Domain wanted(@Nullable Domain before) {
      String owns = owner != null ? owner : before == null ? null : before.owner();
      if (owns == null) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot register domain '"
                + name
                + "': nobody answers for it. Say ownedBy(\"team@example.org\").");
      }
      List<String> actsForIt =
          accounts != null ? accounts : before == null ? ownAccount() : before.accounts();
      List<Principal> administering = administrators(before, actsForIt);
      return new Domain(
          name,
          description != null ? description : before == null ? "" : before.description(),
          owns,
          steward(before, owns),
          actsForIt,
          administering,
          deciders(before, actsForIt, administering));
    }

    private List<Principal> administrators(@Nullable Domain before, List<String> actsForIt) {
      if (administrators != null) {
        return ofAccounts("administrators", administrators, actsForIt);
      } else if (before == null) {
        return remaining(List.of(session.principal()), actsForIt);
      }
      List<Principal> left = remaining(before.administrators(), actsForIt);
      if (left.isEmpty() && !before.administrators().isEmpty()) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot amend domain '"
                + name
                + "': its administrators are "
                + before.administrators()
                + ", and none of them is a role of accounts "
                + actsForIt
                + ". Nothing was changed. Name one that is with administrators(..).");
      }
      return left;
    }

    /** Nobody decides only because of having been an administrator. */
    private List<Principal> deciders(
        @Nullable Domain before, List<String> actsForIt, List<Principal> administering) {
      if (deciders != null) {
        return ofAccounts("deciders", deciders, actsForIt);
      } else if (before == null || before.deciders().equals(before.administrators())) {
        return administering;
      }
      List<Principal> left = remaining(before.deciders(), actsForIt);
      return left.isEmpty() ? administering : left;
    }

    private List<Principal> ofAccounts(
        String parameter, List<Principal> roles, List<String> actsForIt) {
      for (Principal role : roles) {
        if (!actsForIt.contains(role.account())) {
          throw ArgumentChecks.refused(
              parameter,
              "names " + role + ", and the accounts of domain '" + name + "' are " + actsForIt,
              "Name roles of these accounts.");
        }
      }
      return roles;
    }

    private List<Principal> remaining(List<Principal> roles, List<String> actsForIt) {
      return roles.stream().filter(role -> actsForIt.contains(role.account())).toList();
    }

    /** Nobody is left a steward only because of having been the owner. */
    private String steward(@Nullable Domain before, String owns) {
      if (steward != null) {
        return steward;
      }
      return before == null || before.steward().equals(before.owner()) ? owns : before.steward();
    }

    /** Who registers a domain mostly wants to act for it, and otherwise says who does. */
    private List<String> ownAccount() {
      String account = session.principal().account();
      if (!account.equals(name)) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_ARGUMENT,
            "Cannot register domain '"
                + name
                + "' as "
                + session.principal()
                + ": unless told, the account '"
                + name
                + "' acts for it, and '"
                + account
                + "' could not"
                + (account.equalsIgnoreCase(name) ? ", since capitals count" : "")
                + ". Nothing was done. Act as an account of that name, or say"
                + " accounts(\""
                + account
                + "\") to act for it yourself, or accounts(\""
                + name
                + "\") to register it for others.");
      }
      return List.of(name);
    }

    private void write(CommitDraft<Domain> draft, Optional<DomainEntry> existing, Domain wanted) {
      if (existing.isPresent()) {
        ObjectNode json = existing.get().stored().json().deepCopy();
        DomainEntry.write(wanted, json);
        DomainEntry.writeRegistrar(session.catalog().roles(existing.get()).registeredBy(), json);
        draft.replace(existing.get().stored(), json);
      } else {
        ObjectNode json = DocumentJson.create();
        DomainEntry.write(wanted, json);
        DomainEntry.writeRegistrar(Optional.of(session.principal()), json);
        draft.insert(RegistryKeys.domain(governance(), name), json);
      }
      List<String> dropped =
          new ArrayList<>(existing.map(entry -> entry.domain().accounts()).orElse(List.of()));
      dropped.removeAll(wanted.accounts());
      for (String account : dropped) {
        session.ledger().read(RegistryKeys.account(governance(), account)).ifPresent(draft::delete);
      }
      for (String account : wanted.accounts()) {
        Optional<AccountEntry> taken = session.catalog().findAccount(account);
        if (taken.isEmpty()) {
          draft.insert(
              RegistryKeys.account(governance(), account),
              DocumentJson.create().put("domain", name));
        } else if (!taken.get().domain().equals(name)) {
          throw new AlreadyExistsException(
              ErrorCode.ALREADY_EXISTS,
              "Cannot register domain '"
                  + name
                  + "': account '"
                  + account
                  + "' acts for domain '"
                  + taken.get().domain()
                  + "' already. An account acts for one domain; name another.");
        }
      }
    }
  }
}
