package io.meshwork.access;

import io.meshwork.access.AccessFacts.Account;
import io.meshwork.access.AccessFacts.DataFilter;
import io.meshwork.access.AccessFacts.Database;
import io.meshwork.access.AccessFacts.Link;
import io.meshwork.access.AccessFacts.NamedExpression;
import io.meshwork.access.AccessFacts.OptIn;
import io.meshwork.access.AccessFacts.PrincipalFacts;
import io.meshwork.access.AccessFacts.RegisteredLocation;
import io.meshwork.access.AccessFacts.Share;
import io.meshwork.access.AccessFacts.TagKey;
import io.meshwork.internal.runtime.Arguments;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Everything that decisions rest on, at one moment: catalogs, accounts, tags, grants, links and
 * shares. What it says twice, about an account, a principal or a share, counts as said last.
 * Immutable; an edit gives a new state.
 *
 * @param accounts one that is not known has no administrators and no organization, and version 4
 * @param principals those of which more is known than that they exist
 * @param tags what tags there are
 * @param expressions tag expressions with names
 * @param databases with their tables
 * @param filters data filters of tables
 * @param links resource links
 * @param locations registered places in S3
 * @param grants all of them, those of recipients too
 * @param optIns who is held to grants where IAM would do
 * @param shares where it is not by itself how it stands with a share
 */
public record AccessState(
    List<Account> accounts,
    List<PrincipalFacts> principals,
    List<TagKey> tags,
    List<NamedExpression> expressions,
    List<Database> databases,
    List<DataFilter> filters,
    List<Link> links,
    List<RegisteredLocation> locations,
    List<Grant> grants,
    List<OptIn> optIns,
    List<Share> shares) {
  /** Copies the lists. */
  public AccessState {
    accounts = List.copyOf(accounts);
    principals = List.copyOf(principals);
    tags = List.copyOf(tags);
    expressions = List.copyOf(expressions);
    databases = List.copyOf(databases);
    filters = List.copyOf(filters);
    links = List.copyOf(links);
    locations = List.copyOf(locations);
    grants = List.copyOf(grants);
    optIns = List.copyOf(optIns);
    shares = List.copyOf(shares);
  }

  /** A builder of a state that knows nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that begins with this state. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.accounts.addAll(accounts);
    builder.principals.addAll(principals);
    builder.tags.addAll(tags);
    builder.expressions.addAll(expressions);
    builder.databases.addAll(databases);
    builder.filters.addAll(filters);
    builder.links.addAll(links);
    builder.locations.addAll(locations);
    builder.grants.addAll(grants);
    builder.optIns.addAll(optIns);
    builder.shares.addAll(shares);
    return builder;
  }

  /** The state after some edits, in their order. */
  public AccessState after(Collection<? extends AccessEdit> edits) {
    AccessState state = this;
    for (AccessEdit edit : Arguments.given("edits", edits)) {
      state = Edits.apply(state, edit);
    }
    return state;
  }

  /** Collects what a state holds. Not thread-safe. */
  public static final class Builder {
    final List<Account> accounts = new ArrayList<>();
    final List<PrincipalFacts> principals = new ArrayList<>();
    final List<TagKey> tags = new ArrayList<>();
    final List<NamedExpression> expressions = new ArrayList<>();
    final List<Database> databases = new ArrayList<>();
    final List<DataFilter> filters = new ArrayList<>();
    final List<Link> links = new ArrayList<>();
    final List<RegisteredLocation> locations = new ArrayList<>();
    final List<Grant> grants = new ArrayList<>();
    final List<OptIn> optIns = new ArrayList<>();
    final List<Share> shares = new ArrayList<>();

    private Builder() {}

    /** Adds accounts. */
    public Builder accounts(Account... more) {
      accounts.addAll(Arguments.all("accounts", more));
      return this;
    }

    /** Adds what is known of principals. */
    public Builder principals(PrincipalFacts... more) {
      principals.addAll(Arguments.all("principals", more));
      return this;
    }

    /** Adds tags. */
    public Builder tags(TagKey... more) {
      tags.addAll(Arguments.all("tags", more));
      return this;
    }

    /** Adds named expressions. */
    public Builder expressions(NamedExpression... more) {
      expressions.addAll(Arguments.all("expressions", more));
      return this;
    }

    /** Adds databases. */
    public Builder databases(Database... more) {
      databases.addAll(Arguments.all("databases", more));
      return this;
    }

    /** Adds data filters. */
    public Builder filters(DataFilter... more) {
      filters.addAll(Arguments.all("filters", more));
      return this;
    }

    /** Adds resource links. */
    public Builder links(Link... more) {
      links.addAll(Arguments.all("links", more));
      return this;
    }

    /** Adds registered places. */
    public Builder locations(RegisteredLocation... more) {
      locations.addAll(Arguments.all("locations", more));
      return this;
    }

    /** Adds grants. */
    public Builder grants(Grant... more) {
      grants.addAll(Arguments.all("grants", more));
      return this;
    }

    /** Adds opt-ins. */
    public Builder optIns(OptIn... more) {
      optIns.addAll(Arguments.all("optIns", more));
      return this;
    }

    /** Adds states of shares. */
    public Builder shares(Share... more) {
      shares.addAll(Arguments.all("shares", more));
      return this;
    }

    /** What was collected so far. */
    public AccessState build() {
      return new AccessState(
          accounts,
          principals,
          tags,
          expressions,
          databases,
          filters,
          links,
          locations,
          grants,
          optIns,
          shares);
    }
  }
}
