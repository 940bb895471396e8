package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.change.RegisterDomain;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.operation.Plan;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * The domain for which an account acts, in the registry of the mesh.
 *
 * @param config the mesh
 * @param name the domain
 * @param owner the contact of its owner, for a new domain
 * @param administrators who shares the data of a new domain; may be empty
 * @param account the account
 * @param place the root of its bucket, where a new domain stores its data; empty for the bucket of
 *     the mesh
 * @param registry the registry
 * @param self the role of this process, which registers
 */
@NullMarked
record AccountDomain(
    AwsConfig config,
    String name,
    String owner,
    List<Principal> administrators,
    String account,
    Optional<String> place,
    MeshRegistry registry,
    Principal self) {
  AccountDomain {
    administrators = List.copyOf(administrators);
  }

  /**
   * Returns the step that registers the domain with the account, or adds the account to it; empty
   * if the account acts for it. The mesh exists.
   */
  Optional<Plan.Step> step() {
    Optional<Domain> registered = find();
    if (registered.filter(domain -> domain.accounts().contains(account)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(registered.map(this::addition).orElseGet(this::registration));
  }

  /** Reads the domain as it is registered; empty if it is not. The mesh exists. */
  Optional<Domain> find() {
    return registry.catalog().findDomain(name).map(DomainEntry::domain);
  }

  private Plan.Step addition(Domain before) {
    if (!before.administrators().contains(self)) {
      return byHand(
          before.administrators().isEmpty()
              ? "only an administrator may add an account, and the domain has none, unless the role"
                  + " that registered it names one first"
              : "only " + before.administrators() + " may add an account",
          Optional.of(before));
    }
    return new Plan.Step(
        StepVerbs.CHANGE,
        subject(),
        "as " + self + ": adds the account to the domain",
        command(before.accounts(), List.of()));
  }

  /** Returns the step that registers a new domain. */
  Plan.Step registration() {
    return new Plan.Step(
        "register",
        subject(),
        "as "
            + self
            + ": registers the domain with the account, the owner "
            + owner
            + place.map(root -> ", and the place " + root).orElse(""),
        "give it another account; a domain is not removed");
  }

  /** Registers the domain, or adds the account to it, in so much time at most. */
  void register(Duration limit) {
    try (Mesh mesh = registry.open(limit)) {
      Optional<Domain> before = find();
      RegisterDomain change = mesh.client().registerDomain(name).accounts(accounts(before));
      if (before.isEmpty()) {
        change.owner(owner);
        place.ifPresent(change::location);
        if (!administrators.isEmpty()) {
          change.administrators(administrators.toArray(Principal[]::new));
        }
      }
      change.commit();
    }
  }

  private String[] accounts(Optional<Domain> before) {
    List<String> all = new ArrayList<>(before.map(Domain::accounts).orElse(List.of()));
    all.add(account);
    return all.stream().distinct().toArray(String[]::new);
  }

  /**
   * Returns the step for somebody who may register domains.
   *
   * @param before the domain as it is registered; empty if it is new, or cannot be read
   */
  Plan.Step byHand(String reason, Optional<Domain> before) {
    List<String> options = new ArrayList<>();
    if (before.isEmpty()) {
      options.addAll(List.of("--owner", owner));
      if (!administrators.isEmpty()) {
        options.addAll(
            List.of(
                "--administrators",
                administrators.stream().map(Principal::toString).collect(Collectors.joining(","))));
      }
      place.ifPresent(root -> options.addAll(List.of("--location", root)));
    }
    return new Plan.Step(
        StepVerbs.BY_HAND,
        subject(),
        (before.isEmpty() ? "register it as a role of governance" : "add the account")
            + ", because "
            + reason
            + ": "
            + command(List.of(accounts(before)), options),
        "");
  }

  private String command(List<String> accounts, List<String> options) {
    List<String> words = new ArrayList<>(List.of("mesh", "domain", "add", name));
    words.addAll(List.of("--accounts", String.join(",", accounts)));
    words.addAll(options);
    words.addAll(List.of("--mesh", config.address()));
    return ShellWords.command(words);
  }

  /** Returns the step that waits for something. */
  Plan.Step waiting(String needed) {
    return new Plan.Step(
        StepVerbs.WAIT, subject(), "it needs " + needed + "; run this again after that", "");
  }

  /**
   * Requires that the account acts for no other domain. The mesh exists.
   *
   * @throws io.meshwork.error.AlreadyExistsException if it does
   */
  void requireFree(MeshAction action) {
    registry
        .catalog()
        .findAccount(account)
        .map(Catalog.AccountEntry::domain)
        .filter(otherDomain -> !otherDomain.equals(name))
        .ifPresent(
            otherDomain -> {
              throw Failure.of(action)
                  .because(
                      "it acts for the domain '"
                          + otherDomain
                          + "' already, and an account acts for one domain")
                  .state("Nothing was changed.")
                  .fix("Use this domain, or another account.")
                  .alreadyExists(ErrorCode.ALREADY_EXISTS);
            });
  }

  private String subject() {
    return "domain " + name + " of " + account;
  }
}
