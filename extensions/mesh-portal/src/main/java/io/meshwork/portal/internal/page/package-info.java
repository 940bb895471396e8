/** What each page shows, as records, and the templates that write them as HTML and JSON. */
@NullMarked
package io.meshwork.portal.internal.page;

import org.jspecify.annotations.NullMarked;
