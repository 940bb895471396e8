package io.meshwork.notice;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each notice as one line, level INFO, to the program's log by SLF4J. Thread-safe. */
final class LogNotifier implements Notifier {
  private static final Logger LOG = LoggerFactory.getLogger(LogNotifier.class);

  @Override
  public void deliver(Notice notice) {
    LOG.info("{}", notice.toJson());
  }
}
