using HyperVDash.Agent.Collect;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>Ids as hosts write them.</summary>
public sealed class InstanceIdTests
{
    [Fact]
    public void A_recorded_path_leads_to_owner_controller_and_slot()
    {
        string id = InstanceId.Of(CimPath.Parse(
            "\\\\HV12OSDEMO1\\root\\virtualization:Msvm_ResourceAllocationSettingData.InstanceID=\"Microsoft:FD4D3382-A0AE-40CD-999B-937C4EEAD6FF\\\\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\\\\0\\\\0\\\\D\""))!;

        Assert.Equal(new Guid("FD4D3382-A0AE-40CD-999B-937C4EEAD6FF"), InstanceId.Owner(id));
        Assert.Equal(@"Microsoft:FD4D3382-A0AE-40CD-999B-937C4EEAD6FF\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0", InstanceId.Cut(id, 2));
        Assert.Equal(("0", "D"), (InstanceId.LastSegment(InstanceId.Cut(id, 1)!), InstanceId.LastSegment(id)));
    }

    [Theory]
    [InlineData(@"Microsoft:D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C", "D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C")]
    [InlineData(@"microsoft:d99a57fe-9f2f-44ee-b15f-bf6c5d740d1c\4764334d-e001-4176-82ee-5594ec9b530e", "D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C")]
    [InlineData(@"Microsoft:{D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C}\x", "D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C")]
    [InlineData(@"Microsoft:D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C\Global", "D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C")]
    [InlineData(@"Microsoft:GuestNetwork\D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C\1A2B3C4D-0000-4000-8000-00000000000A", "D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C")]
    [InlineData(@"Microsoft:Definition\118C3BE5-0D31-4804-85F0-5C6074ABEA8F\Default", null)]
    [InlineData(@"Microsoft:Definition\\6A45335D-4C3A-44B7-B61F-C9808BBDF8ED\\Default", null)]
    [InlineData("Microsoft:HV12OSDEMO1", null)]
    [InlineData(@"Microsoft:PhysicalNode\0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_first_GUID_is_the_owner_and_templates_and_hosts_have_none(string? id, string? owner) =>
        Assert.Equal(owner is null ? null : new Guid(owner), InstanceId.Owner(id));
}
