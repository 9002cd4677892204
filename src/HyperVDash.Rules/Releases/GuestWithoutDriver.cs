using HyperVDash.Model.Guests;

namespace HyperVDash.Rules.Releases;

/// <summary>A system that has no drivers for synthetic devices on a release.</summary>
/// <param name="Name">For people.</param>
/// <param name="Minor">Null: any.</param>
/// <param name="BelowServicePack">Null: with every service pack.</param>
/// <param name="IsWorkstation">Null: both; tells 64-bit XP from Server 2003, which share a version.</param>
public sealed record GuestWithoutDriver(string Name, int Major, int? Minor = null, int? BelowServicePack = null, bool? IsWorkstation = null)
{
    /// <summary>By the numbers the guest told; a number it did not tell matches nothing.</summary>
    public bool Matches(Guest guest) =>
        guest.Family == GuestFamily.Windows && guest.OsMajor == Major && (Minor is null || guest.OsMinor == Minor)
        && (BelowServicePack is null || guest.ServicePack < BelowServicePack) && (IsWorkstation is null || guest.ProductType == 1 == IsWorkstation);
}
