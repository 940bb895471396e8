package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.plot.UseBar;
import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.List;
import java.util.Optional;

/**
 * The page of a product: five questions, then lineage, consumers, code, and changes.
 *
 * @param frame the frame
 * @param product the product
 * @param version the current version of its contract
 * @param status its status
 * @param announcements its end, suspended reads, and announced changes, in sentences
 * @param what what it is
 * @param who who owns it, and how to get it
 * @param schema its columns
 * @param promise what its contract promises
 * @param now its state now
 * @param plots the course of its freshness, its rows, and their quality
 * @param data what it holds
 * @param quarantine the rows that wait, for its owner; empty if there are none
 * @param lineage the products around it
 * @param consumers who uses it
 * @param snippets code that reads it
 * @param changes the versions of its contract, newest first
 */
public record ProductPage(
    PageFrame frame,
    ProductAddress product,
    String version,
    StatusBadge status,
    List<String> announcements,
    WhatBlock what,
    WhoBlock who,
    SchemaBlock schema,
    PromiseBlock promise,
    NowBlock now,
    List<PlotFigure> plots,
    DataBlock data,
    Optional<QuarantineBlock> quarantine,
    LineageGraph lineage,
    List<ConsumerRow> consumers,
    List<Snippet> snippets,
    List<ChangeRow> changes) {
  public ProductPage {
    announcements = List.copyOf(announcements);
    plots = List.copyOf(plots);
    consumers = List.copyOf(consumers);
    snippets = List.copyOf(snippets);
    changes = List.copyOf(changes);
  }

  LineageDrawing drawing() {
    return LineageDrawing.of(lineage);
  }

  /**
   * What it is.
   *
   * @param description the description; empty if there is none
   * @param classification its sensitivity, in lower case
   * @param guarded true if it is more sensitive than INTERNAL
   * @param tags its tags, as {@code key=value}
   * @param facts what its contract says of usage, limits, and source code
   */
  public record WhatBlock(
      String description,
      String classification,
      boolean guarded,
      List<String> tags,
      List<Fact> facts) {
    public WhatBlock {
      tags = List.copyOf(tags);
      facts = List.copyOf(facts);
    }
  }

  /**
   * Who owns it, and how to get it.
   *
   * @param owner the contact of the owner
   * @param contacts other contacts
   * @param access what the viewer may read, in words
   * @param request how to ask for more; empty for viewers who may read everything
   * @param users the domains that use it and the viewer may know of
   */
  public record WhoBlock(
      ContactLink owner,
      List<LabelledContact> contacts,
      String access,
      Optional<RequestHint> request,
      List<String> users) {
    public WhoBlock {
      contacts = List.copyOf(contacts);
      users = List.copyOf(users);
    }
  }

  /**
   * A contact with its purpose.
   *
   * @param label what it is for
   * @param contact the contact
   */
  public record LabelledContact(String label, ContactLink contact) {}

  /**
   * How to ask for access.
   *
   * @param command the command
   * @param open the viewer's request that is open, in words; empty if there is none
   */
  public record RequestHint(String command, String open) {}

  /**
   * Its columns.
   *
   * @param columns the columns, in their order
   * @param summary how many they are, and how often they changed
   * @param shares true if the null share of columns is visible
   */
  public record SchemaBlock(List<ColumnRow> columns, String summary, boolean shares) {
    public SchemaBlock {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A column.
   *
   * @param name its name
   * @param type its type
   * @param key true if it is part of the key
   * @param required true if it is never null
   * @param classification its sensitivity, in lower case
   * @param guarded true if it is more sensitive than INTERNAL
   * @param description its description; empty if there is none
   * @param readable whether the viewer may read it, in words
   * @param rules the rules that name it
   * @param nullShare the share of null values; empty if it is unknown or not visible
   */
  public record ColumnRow(
      String name,
      String type,
      boolean key,
      boolean required,
      String classification,
      boolean guarded,
      String description,
      String readable,
      List<String> rules,
      String nullShare) {
    public ColumnRow {
      rules = List.copyOf(rules);
    }
  }

  /**
   * What its contract promises.
   *
   * @param facts the promises, as labels and strings
   * @param rules the rules, in words
   */
  public record PromiseBlock(List<Fact> facts, List<String> rules) {
    public PromiseBlock {
      facts = List.copyOf(facts);
      rules = List.copyOf(rules);
    }
  }

  /**
   * A label and its text.
   *
   * @param label the label
   * @param text the text
   */
  public record Fact(String label, String text) {}

  /**
   * Its state now.
   *
   * @param updated when it was updated, or that it never was
   * @param facts further facts
   * @param faults where its trouble comes from, nearest first
   */
  public record NowBlock(Optional<PageTime> updated, List<Fact> facts, List<FaultRow> faults) {
    public NowBlock {
      facts = List.copyOf(facts);
      faults = List.copyOf(faults);
    }
  }

  /**
   * A suspected origin of trouble.
   *
   * @param product the product
   * @param status its status
   * @param contact whom to ask
   */
  public record FaultRow(ProductAddress product, StatusBadge status, ContactLink contact) {}

  /**
   * One that uses the product.
   *
   * @param name the consumer
   * @param kind how it uses which version of the product
   * @param purpose why; empty if it is unknown
   * @param contact its contact
   * @param columns the columns that it reads, in words
   * @param since since when it is known to use it; empty if that is unknown
   * @param lastUsed when it last did, in words
   * @param use the time between the two
   */
  public record ConsumerRow(
      String name,
      String kind,
      String purpose,
      ContactLink contact,
      String columns,
      String since,
      String lastUsed,
      UseBar use) {}

  /**
   * Code that reads the product.
   *
   * @param language where it runs
   * @param code the code
   */
  public record Snippet(String language, String code) {}

  /**
   * A version of the contract.
   *
   * @param version the version
   * @param at when; empty if it is unknown
   * @param breaking true if it broke readers
   * @param changes what changed, in words
   */
  public record ChangeRow(
      String version, Optional<PageTime> at, boolean breaking, List<String> changes) {
    public ChangeRow {
      changes = List.copyOf(changes);
    }
  }
}
