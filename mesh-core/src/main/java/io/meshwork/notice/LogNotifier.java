package io.meshwork.notice;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each notice as one line with SLF4J, at level INFO. Thread-safe. */
final class LogNotifier implements Notifier {
  private static final Logger LOG = LoggerFactory.getLogger(LogNotifier.class);

  @Override
  public void deliver(Notice notice) {
    LOG.info("{}", notice.toJson());
  }
}
