using HyperVDash.Model;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Hosts;
using HyperVDash.Rules.Releases;

namespace HyperVDash.Rules.Tests.Releases;

public sealed class ReleaseProfilesTests
{
    [Theory]
    [InlineData("2008", 4, 64, 8), InlineData("2008R2", 4, 64, 8), InlineData("2012R2", 64, 1024, 8), InlineData("2016", 240, 12288, 8)]
    [InlineData("2019", 240, 12288, 64), InlineData("2022", 1024, 245760, 64), InlineData("2025", 2048, 245760, 64)]
    public void Limits_of_a_VM_are_those_published(string key, int processors, int memoryGiB, int adapters)
    {
        var limits = ReleaseProfiles.Get(key).VirtualMachine;

        Assert.Equal((processors, memoryGiB, adapters), (limits.Processors, limits.MemoryGiB, limits.NetworkAdapters));
        Assert.Empty(limits.Unverified);
    }

    [Theory]
    [InlineData(9600, "5.0", "5.0"), InlineData(14393, "5.0", "8.0"), InlineData(17763, "5.0", "9.0"), InlineData(20348, "8.0", "10.0"), InlineData(26100, "8.0", "12.0")]
    [InlineData(17134, "5.0", "8.3"), InlineData(19045, "8.0", "9.2"), InlineData(22631, "8.0", "11.0")]
    public void A_build_starts_VMs_of_its_own_versions(int build, string oldest, string newest)
    {
        var versions = ReleaseProfiles.Resolve(new HostOperatingSystem { Build = build })!.VmVersions;

        Assert.Equal((oldest, newest), (versions[0].ToString(), versions[^1].ToString()));
        Assert.Equal(versions, versions.Order());
    }

    [Theory]
    [InlineData(25398), InlineData(29500), InlineData(7601)]
    public void A_build_whose_VM_versions_are_not_known_names_none(int build) =>
        Assert.Empty(ReleaseProfiles.Resolve(new HostOperatingSystem { Build = build })!.VmVersions);

    [Fact]
    public void Every_released_profile_says_when_its_support_ends_and_what_new_VMs_get() => Assert.All(ReleaseProfiles.All, p =>
    {
        Assert.Equal(p.IsPreRelease, p.EndOfSupport is null);
        Assert.True(p.EndOfMainstream is null || p.EndOfMainstream < p.EndOfSupport);
        Assert.Equal(p.DefaultVmVersion, p.VmVersions.LastOrDefault());
        Assert.NotEmpty(p.Advisories);
        Assert.NotEmpty(p.Namespaces);
        Assert.Equal(p.ProfileVersion, ReleaseProfiles.Get("2022").ProfileVersion);
    });

    [Theory]
    [InlineData(10, 0, 26100, 3, "Windows Server 2025"), InlineData(10, 0, 20348, 3, "Windows Server 2022"), InlineData(10, 0, 22631, 1, "Windows 11")]
    [InlineData(10, 0, 19045, 1, "Windows 10"), InlineData(6, 3, 9600, 2, "Windows Server 2012 R2"), InlineData(6, 1, 7601, 1, "Windows 7 SP1")]
    [InlineData(5, 2, 3790, 3, "Windows Server 2003 SP2"), InlineData(4, 0, 1381, 3, null)]
    public void A_guest_is_recognised_by_its_numbers(int major, int minor, int build, int type, string? name) =>
        Assert.Equal(name, ReleaseProfiles.Get("2022").FindGuest(Sample.Guest with { OsMajor = major, OsMinor = minor, OsBuild = build, ProductType = type })?.Name);

    [Fact]
    public void A_guest_that_does_not_tell_its_edition_is_no_listed_one() =>
        Assert.Null(ReleaseProfiles.Get("2022").FindGuest(new Guest(Sample.VmId) { Family = GuestFamily.Windows, OsMajor = 10, OsMinor = 0, OsBuild = 20348 }));

    [Theory]
    [InlineData("2016", false), InlineData("2019", true), InlineData("2025", true)]
    public void A_guest_is_listed_from_its_first_host_on(string host, bool isListed)
    {
        var profile = ReleaseProfiles.Get(host);

        Assert.Equal(isListed, profile.Guests.Single(g => g.Name == "Windows Server 2022").IsListedOn(profile));
    }
}
