/** Names, times, numbers, and values as the pages write them. */
@NullMarked
package io.meshwork.portal.internal.text;

import org.jspecify.annotations.NullMarked;
