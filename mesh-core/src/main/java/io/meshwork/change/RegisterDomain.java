package io.meshwork.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.operation.Operation;
import io.meshwork.product.Domain;
import io.meshwork.product.Names;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Registers a domain, or amends it: what is unsaid the second time stays. Anyone may register a
 * free name in an embedded mesh, for the own account or, by {@link #accounts}, for others; only the
 * domain's own accounts amend it. One thread.
 */
public final class RegisterDomain implements Operation<Domain> {
  private final Session session;
  private final String name;
  private @Nullable String description;
  private @Nullable String owner;
  private @Nullable String steward;
  private @Nullable List<String> accounts;

  private RegisterDomain(Session session, String name) {
    this.session = session;
    this.name = name;
  }

  /** Called by {@code MeshClient.registerDomain}. */
  public static RegisterDomain of(Session session, @Nullable String name) {
    return new RegisterDomain(session, Names.check("domain", name));
  }

  /** Says what the domain is about. */
  public RegisterDomain describedAs(String text) {
    description = Arguments.text("describedAs", text);
    return this;
  }

  /**
   * Contact of those who answer for it, and for its products that name nobody. Required the first
   * time. A new owner is the steward as well where the one before was.
   */
  public RegisterDomain ownedBy(String contact) {
    owner = Arguments.text("ownedBy", contact);
    return this;
  }

  /** Who decides requests for its sensitive products. Default: the owner. */
  public RegisterDomain stewardedBy(String contact) {
    steward = Arguments.text("stewardedBy", contact);
    return this;
  }

  /**
   * Accounts that act for it. Default: the one with the domain's name, which has to be the
   * caller's; who registers a domain for others names their accounts.
   */
  public RegisterDomain accounts(String... names) {
    List<String> wanted = Arguments.all("accounts", names);
    for (String account : wanted) {
      Principal.of(account, "any");
    }
    if (wanted.isEmpty() || wanted.stream().distinct().count() < wanted.size()) {
      throw Arguments.refused("accounts", "is empty or names one twice", "Name each account once.");
    }
    accounts = wanted;
    return this;
  }

  /**
   * Registers or amends it.
   *
   * <p>In a mesh of several catalogs an account is looked for in all of them, so that it acts for
   * one domain; of two domains that are registered at the same moment in two catalogs both may get
   * it, since no transaction spans catalogs. Then it acts for the one that is found first.
   *
   * @throws InvalidRequestException if the shape of the mesh has no place for the domain, a new
   *     domain has no owner, or would be acted for by the account of its name, which is not the
   *     caller's, without that being said
   * @throws AlreadyExistsException if its storage name or an account belongs to another domain
   * @throws io.meshwork.error.AccessDeniedException if it exists and the caller does not act for it
   */
  @Override
  public Domain commit() {
    session.checkOpen(doing());
    return session.ledger().commit(new Registration(), session.deadline());
  }

  private String doing() {
    return "register domain " + name;
  }

  private String governance() {
    return session.catalog().governance(session.catalog().topology().catalogOf(name));
  }

  private final class Registration implements Ledger.Change<Domain> {
    @Override
    public String doing() {
      return RegisterDomain.this.doing();
    }

    @Override
    public String partition() {
      return governance();
    }

    @Override
    public Draft<Domain> draft(Ledger.Attempt attempt) {
      Optional<DomainEntry> existing = session.catalog().findDomain(name);
      if (existing.isPresent() && !existing.get().domain().name().equals(name)) {
        throw new AlreadyExistsException(
            ErrorCode.ALREADY_EXISTS,
            "Cannot register domain '"
                + name
                + "': domain '"
                + existing.get().domain().name()
                + "' has the same storage name '"
                + Names.storage(name)
                + "'. Use that one, or choose another name.");
      }
      existing.ifPresent(entry -> session.admission().actsFor(name, doing()));
      Domain wanted = wanted(existing.map(DomainEntry::domain).orElse(null));
      if (existing.isPresent() && existing.get().domain().equals(wanted)) {
        return Draft.settled(wanted);
      }
      Draft<Domain> draft =
          Draft.of(
              existing.isPresent() ? "domain.amended" : "domain.registered",
              session.principal(),
              name);
      write(draft, existing, wanted);
      return draft.result(wanted);
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
      return new Domain(
          name,
          description != null ? description : before == null ? "" : before.description(),
          owns,
          steward(before, owns),
          accounts != null ? accounts : before == null ? ownAccount() : before.accounts());
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

    private void write(Draft<Domain> draft, Optional<DomainEntry> existing, Domain wanted) {
      if (existing.isPresent()) {
        ObjectNode json = existing.get().stored().json().deepCopy();
        DomainEntry.write(wanted, json);
        draft.replace(existing.get().stored(), json);
      } else {
        ObjectNode json = Documents.create();
        DomainEntry.write(wanted, json);
        draft.insert(Keys.domain(governance(), name), json);
      }
      List<String> dropped =
          new ArrayList<>(existing.map(entry -> entry.domain().accounts()).orElse(List.of()));
      dropped.removeAll(wanted.accounts());
      for (String account : dropped) {
        session.ledger().read(Keys.account(governance(), account)).ifPresent(draft::delete);
      }
      for (String account : wanted.accounts()) {
        Optional<AccountEntry> taken = session.catalog().findAccount(account);
        if (taken.isEmpty()) {
          draft.insert(Keys.account(governance(), account), Documents.create().put("domain", name));
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
