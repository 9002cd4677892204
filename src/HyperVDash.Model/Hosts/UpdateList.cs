using System.Collections.Immutable;

namespace HyperVDash.Model.Hosts;

/// <summary>Content of the section updates (Win32_QuickFixEngineering), read daily: the class is slow.</summary>
public sealed record UpdateList
{
    public ImmutableArray<InstalledUpdate> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="Id">HotFixID, e.g. <c>KB950050</c>.</param>
/// <param name="InstalledAt">InstalledOn where it is a hexadecimal FILETIME or an unambiguous date; null where its text is localised.</param>
public sealed record InstalledUpdate(string Id, DateTimeOffset? InstalledAt = null);
