package io.meshwork.walk;

import io.meshwork.consume.Subscription;
import java.util.Map;
import java.util.function.Function;

/** A subscription as a process opened it, and opens it again after it ended. */
final class OpenedSubscription {
  final ShopProcess process;
  private final Function<ShopProcess, Subscription<Map<String, Object>>> opener;
  private Subscription<Map<String, Object>> opened;
  private int start;

  OpenedSubscription(
      ShopProcess process, Function<ShopProcess, Subscription<Map<String, Object>>> opener) {
    this.process = process;
    this.opener = opener;
    this.opened = opener.apply(process);
    this.start = process.starts();
  }

  Subscription<Map<String, Object>> get() {
    if (start != process.starts()) {
      opened = opener.apply(process);
      start = process.starts();
    }
    return opened;
  }
}
