package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.notice.Notice;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Map;

/** A notice that says what to do in the words of a terminal. */
record TerminalNotice(Notice notice) implements Notice {
  @Override
  public String id() {
    return notice.id();
  }

  @Override
  public Kind kind() {
    return notice.kind();
  }

  @Override
  public ProductName product() {
    return notice.product();
  }

  @Override
  public String to() {
    return notice.to();
  }

  @Override
  public Domain domain() {
    return notice.domain();
  }

  @Override
  public String subject() {
    return TerminalText.of(notice.subject());
  }

  @Override
  public String text() {
    return TerminalText.of(notice.text());
  }

  @Override
  public Instant at() {
    return notice.at();
  }

  @Override
  public String eventId() {
    return notice.eventId();
  }

  @Override
  public Map<String, String> facts() {
    return notice.facts();
  }
}
