using System.Collections.Immutable;

namespace HyperVDash.Model.Guests;

/// <summary>Content of the section guests: what runs inside the VMs, as far as the host knows.</summary>
public sealed record GuestList
{
    /// <summary>One per VM that has integration components or told something.</summary>
    public ImmutableArray<Guest> Items { get; init => field = value.IsDefault ? [] : value; } = [];
}
